/** The project's Python: a virtual environment with JupyterLab, from a lock file with checksums. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { command } from './command.mjs'
import { SetUpError } from './set-up-error.mjs'
import { inProject, root, venvPython } from './project.mjs'
import { textOf } from './step.mjs'

/** Milliseconds in which a Python tells its version. */
const longestAnswer = 30_000

const lockFile = inProject('scripts', 'requirements', 'notebooks.txt')

/** @type {import('./step.mjs').Step} */
export const pythonPackages = {
  title: 'Python environment with JupyterLab',
  from: 'scripts/requirements or the project’s place',
  stamp: inProject('.venv', '.made-from'),
  // A virtual environment contains absolute paths, so it is made again if the project was moved.
  inputs: () => [textOf(lockFile), root],
  isUsable: () => existsSync(venvPython),
  get disk() { return existsSync(inProject('.venv')) ? 0 : 400e6 },
  async make(show) {
    const python = findPython()
    rmSync(inProject('.venv'), { recursive: true, force: true })
    await command('python environment', python, ['-m', 'venv', inProject('.venv')])
    const total = textOf(lockFile).split('\n').filter(line => line.includes('==')).length
    let collected = 0
    const onLine = line => {
      if (line.startsWith('Collecting')) show.update(`${++collected} of about ${total} packages`)
      if (line.startsWith('Installing collected')) show.update('unpacking')
    }
    await command('python packages', venvPython, ['-m', 'pip', 'install', '--require-hashes', '-r', lockFile], { onLine })
  },
}

/**
 * Finds a Python of version 3.10 or later with venv. A Python that the user names is tried alone.
 * @param {string[]} candidates programs to try, in this order; default: LAB_PYTHON, else those on the path
 * @param {boolean} named whether the user named the program
 * @throws SetUpError 'no-python', 'python-too-old' or 'no-venv'
 */
export function findPython(candidates = namedPython() ?? ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10',
  'python'], named = namedPython() !== null) {
  const all = candidates.map(examine)
  const found = all.filter(({ version }) => version)
  const suitable = found.find(({ version, venv }) => isNewEnough(version) && venv)
  if (suitable) return suitable.program
  const expected = named ? 'LAB_PYTHON to name a Python 3.10 or later' : 'Python 3.10 or later'
  if (!found.length)
    throw new SetUpError('no-python', {
      expected, received: named ? `${candidates[0]}, where ${all[0].fault}` : `none of ${candidates.join(', ')} runs`,
      remedy: named ? 'correct LAB_PYTHON, or leave it out: the set-up then looks for a Python itself'
        : 'install it (Debian and Ubuntu: sudo apt install python3 python3-venv), '
          + 'or name one: LAB_PYTHON=/path/to/python3 npm start',
    })
  const newest = found.find(({ version }) => isNewEnough(version))
  if (!newest)
    throw new SetUpError('python-too-old', {
      expected,
      received: found.map(({ program, version }) => `${program} ${version.join('.')}`).join(', '),
      remedy: 'install a later version beside it and name it: LAB_PYTHON=/path/to/python3 npm start',
    })
  throw new SetUpError('no-venv', {
    expected: 'Python’s venv module with ensurepip',
    received: `${newest.program} ${newest.version.join('.')} without it`,
    remedy: `install it (Debian and Ubuntu: sudo apt install python${newest.version.join('.')}-venv) and try again`,
  })
}

/** The Python that the user names, in a list; null where none is named. */
function namedPython() {
  return process.env.LAB_PYTHON ? [process.env.LAB_PYTHON] : null
}

/** A program's version and whether it has venv; or why it is no Python. */
function examine(program) {
  const code = 'import sys\nprint(*sys.version_info[:2])\nimport ensurepip, venv\nprint("venv")'
  const { stdout, error } = spawnSync(program, ['-c', code], { encoding: 'utf8', timeout: longestAnswer })
  const [version, venv] = (stdout ?? '').trim().split('\n')
  if (/^\d+ \d+$/.test(version)) return { program, version: version.split(' ').map(Number), venv: venv === 'venv' }
  const faults = { ENOENT: 'no program is found', EACCES: 'nothing may be run', ETIMEDOUT: 'the program does not answer' }
  return { program, fault: faults[error?.code] ?? 'another program than Python is' }
}

function isNewEnough([major, minor]) {
  return major === 3 && minor >= 10
}
