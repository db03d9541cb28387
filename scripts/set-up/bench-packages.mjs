/** The programs that the benchmark compares with, in their own virtual environment, from lock files with checksums. */
import { existsSync, rmSync } from 'node:fs'
import { command } from './command.mjs'
import { requireNetwork } from './packed.mjs'
import { inProject, root, wantsCard } from './project.mjs'
import { findPython } from './python-packages.mjs'
import { textOf } from './step.mjs'

const folder = inProject('.bench', 'venv')
const python = inProject('.bench', 'venv', 'bin', 'python')
const lockFile = name => inProject('scripts', 'requirements', `${name}.txt`)
const lockFiles = ['bench', 'bench-pytorch', 'bench-pytorch-cpu'].map(lockFile)

/** @type {import('./step.mjs').Step} */
export const benchPackages = {
  title: 'PyTorch, Keras and OpenCV to compare with',
  from: 'scripts/requirements',
  stamp: inProject('.bench', 'venv', '.made-from'),
  // A virtual environment contains absolute paths, so it is made again if the project was moved.
  inputs: () => [...lockFiles.map(textOf), wantsCard() ? 'gpu' : 'cpu', root],
  isUsable: () => existsSync(python),
  async make(show) {
    requireNetwork('PyTorch, Keras and OpenCV to compare with', 'run the benchmark in a clone, on a machine with a network')
    const program = findPython()
    rmSync(folder, { recursive: true, force: true })
    await command('bench environment', program, ['-m', 'venv', folder])
    await install('bench packages', 'bench', show)
    if (!wantsCard()) {
      const installed = await install('pytorch without cuda', 'bench-pytorch-cpu', show).then(() => true, () => false)
      if (installed) return
    }
    await install('pytorch', 'bench-pytorch', show)
  },
}

/** Lock files name every package, so pip need not resolve dependencies. */
async function install(name, lock, show) {
  const onLine = line => {
    if (line.startsWith('Collecting')) show.update(line.split(' ')[1])
    if (line.startsWith('Installing collected')) show.update('unpacking')
  }
  await command(name, python, ['-m', 'pip', 'install', '--no-deps', '--require-hashes', '-r', lockFile(lock)], { onLine })
}
