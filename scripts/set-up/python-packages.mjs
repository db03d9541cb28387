/** The project's Python: a virtual environment with JupyterLab, from a lock file with checksums. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { command } from './command.mjs'
import { pipOptions } from './packed.mjs'
import { SetUpError } from './set-up-error.mjs'
import { inProject, packed, root, venvPython } from './project.mjs'
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
    await command('python packages', venvPython, ['-m', 'pip', 'install', '--require-hashes', ...pipOptions,
      '-r', lockFile], { onLine })
  },
}

/**
 * Finds a Python of version 3.10 or later with venv; in a folder that was unpacked, one whose packages are there. A
 * Python that the user names is tried alone.
 * @param {string[]} candidates programs to try, in this order; default: LAB_PYTHON, else those on the path
 * @param {boolean} named whether the user named the program
 * @param {readonly [oldest: number, newest: number]} range of the versions' second numbers
 * @throws SetUpError 'no-python', 'python-too-old', 'python-too-new' or 'no-venv'
 */
export function findPython(candidates = namedPython() ?? ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10',
  'python'], named = namedPython() !== null, range = packed?.pythons ?? [10, Infinity]) {
  const [oldest, newest] = range
  const fits = ([major, minor]) => major === 3 && minor >= oldest && minor <= newest
  const all = candidates.map(examine)
  const found = all.filter(({ version }) => version)
  const suitable = found.find(({ version, venv }) => fits(version) && venv)
  if (suitable) return suitable.program
  const versions = `Python 3.${oldest} ${newest === Infinity ? 'or later' : `to 3.${newest}, whose packages were packed`}`
  const expected = named ? `LAB_PYTHON to name a ${versions}` : versions
  if (!found.length)
    throw new SetUpError('no-python', {
      expected, received: named ? `${candidates[0]}, where ${all[0].fault}` : `none of ${candidates.join(', ')} runs`,
      remedy: named ? 'correct LAB_PYTHON, or leave it out: the set-up then looks for a Python itself'
        : 'install it (Debian and Ubuntu: sudo apt install python3 python3-venv), '
          + 'or name one: LAB_PYTHON=/path/to/python3 npm start',
    })
  const bare = found.find(({ version }) => fits(version))
  if (!bare) {
    const later = found.some(({ version: [major, minor] }) => major === 3 && minor > newest)
    throw new SetUpError(later ? 'python-too-new' : 'python-too-old', {
      expected,
      received: found.map(({ program, version }) => `${program} ${version.join('.')}`).join(', '),
      remedy: `install ${later ? 'an earlier' : 'a later'} version beside it and name it: LAB_PYTHON=/path/to/python3 npm start`,
    })
  }
  throw new SetUpError('no-venv', {
    expected: 'Python’s venv module with ensurepip',
    received: `${bare.program} ${bare.version.join('.')} without it`,
    remedy: `install it (Debian and Ubuntu: sudo apt install python${bare.version.join('.')}-venv) and try again`,
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
