"""Prints a lock file's packages for one version of Python, without markers: pip judges markers by the Python that runs it."""

import sys

from packaging.requirements import Requirement

path, version = sys.argv[1:]
environment = {
    'python_version': '.'.join(version.split('.')[:2]),
    'python_full_version': version,
    'implementation_name': 'cpython',
    'platform_python_implementation': 'CPython',
}

with open(path, encoding='utf-8') as file:
    lines = file.read().replace('\\\n', ' ').split('\n')
for line in lines:
    if not line.strip() or line.startswith('#'):
        continue
    name, *hashes = (part.strip() for part in line.split(' --hash='))
    requirement = Requirement(name)
    if requirement.marker is None or requirement.marker.evaluate(environment):
        print(f'{requirement.name}{requirement.specifier}', *(f'--hash={one}' for one in hashes))
