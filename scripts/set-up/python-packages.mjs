/** The project's Python: a virtual environment with JupyterLab, from a lock file with checksums. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { command } from './command.mjs'
import { SetUpError } from './set-up-error.mjs'
import { inProject, root, venvPython } from './project.mjs'
import { textOf } from './step.mjs'

const lockFile = inProject('scripts', 'requirements', 'notebooks.txt')

/** @type {import('./step.mjs').Step} */
export const pythonPackages = {
  title: 'Python environment with JupyterLab',
  stamp: inProject('.venv', '.made-from'),
  // A virtual environment contains absolute paths, so it is made again if the project was moved.
  inputs: () => [textOf(lockFile), root],
  isUsable: () => existsSync(venvPython),
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
 * Finds a Python of version 3.10 or later with venv.
 * @param {string[]} candidates programs to try, in this order; default: LAB_PYTHON, then those on the path
 * @throws SetUpError 'no-python', 'python-too-old' or 'no-venv'
 */
export function findPython(candidates = [process.env.LAB_PYTHON ?? 'python3', 'python3.13', 'python3.12', 'python3.11',
  'python3.10', 'python']) {
  const found = candidates.map(examine).filter(Boolean)
  const suitable = found.find(({ version, venv }) => isNewEnough(version) && venv)
  if (suitable) return suitable.program
  if (!found.length)
    throw new SetUpError('no-python', {
      expected: 'Python 3.10 or later',
      received: `none of ${candidates.join(', ')} runs`,
      remedy: 'install it (Debian and Ubuntu: sudo apt install python3 python3-venv), '
        + 'or name one: LAB_PYTHON=/path/to/python3 npm start',
    })
  const newest = found.find(({ version }) => isNewEnough(version))
  if (!newest)
    throw new SetUpError('python-too-old', {
      expected: 'Python 3.10 or later',
      received: found.map(({ program, version }) => `${program} ${version.join('.')}`).join(', '),
      remedy: 'install a later version beside it and name it: LAB_PYTHON=/path/to/python3 npm start',
    })
  throw new SetUpError('no-venv', {
    expected: 'Python’s venv module with ensurepip',
    received: `${newest.program} ${newest.version.join('.')} without it`,
    remedy: `install it (Debian and Ubuntu: sudo apt install python${newest.version.join('.')}-venv) and try again`,
  })
}

function examine(program) {
  const code = 'import sys\nprint(*sys.version_info[:2])\nimport ensurepip, venv\nprint("venv")'
  const { stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8' })
  const [version, venv] = (stdout ?? '').trim().split('\n')
  return version ? { program, version: version.split(' ').map(Number), venv: venv === 'venv' } : null
}

function isNewEnough([major, minor]) {
  return major === 3 && minor >= 10
}
