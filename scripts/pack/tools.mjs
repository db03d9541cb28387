/**
 * What a pack holds beside the project: Node with npm, and the packages from which a machine without a network makes
 * its Python environment. They are steps of the set-up: what was fetched for one pack serves the next.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../set-up/command.mjs'
import { npm } from '../set-up/node-packages.mjs'
import { inProject, venvPython } from '../set-up/project.mjs'
import { textOf } from '../set-up/step.mjs'

/**
 * The oldest and the newest version of Python 3 whose packages are packed: the unpacking machine needs one of them.
 * @type {readonly [number, number]}
 */
export const pythons = [10, 14]

/** The folder whose content lies in a pack's root. */
export const toolsFolder = inProject('.cache', 'pack', 'tools')

const inTools = (...parts) => join(toolsFolder, '.pack', ...parts)
const requirements = (...parts) => inProject('scripts', 'requirements', ...parts)

/** Node's own build, which needs no other library than the system's, and npm: the layout is that of Node's archives. */
export const packedNode = {
  title: 'Node for the pack (60 MB)',
  from: 'scripts/requirements/node',
  stamp: inTools('node', '.made-from'),
  inputs: () => [textOf(requirements('node', 'package-lock.json')), process.arch],
  disk: 500e6,
  async make() {
    const folder = inTools('node'), making = `${folder}.making`, fetched = join(making, 'fetched')
    rmSync(making, { recursive: true, force: true })
    mkdirSync(fetched, { recursive: true })
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(requirements('node', name), join(fetched, name))
    const [program, ...first] = npm()
    await command('node for the pack', program, [...first, 'ci', '--prefix', fetched, '--ignore-scripts', '--no-audit', '--no-fund'])
    const node = join(fetched, 'node_modules', `node-linux-${process.arch}`)
    for (const name of ['bin', join('lib', 'node_modules')]) mkdirSync(join(making, name), { recursive: true })
    copyFileSync(join(node, 'bin', 'node'), join(making, 'bin', 'node'))
    copyFileSync(join(node, 'LICENSE'), join(making, 'LICENSE'))
    renameSync(join(fetched, 'node_modules', 'npm'), join(making, 'lib', 'node_modules', 'npm'))
    for (const name of ['npm', 'npx'])
      symlinkSync(join('..', 'lib', 'node_modules', 'npm', 'bin', `${name}-cli.js`), join(making, 'bin', name))
    rmSync(fetched, { recursive: true })
    rmSync(folder, { recursive: true, force: true })
    renameSync(making, folder)
  },
}

/** JupyterLab's packages for each version of Python, and the compiler that builds the binding where no other is. */
export const packedWheels = {
  title: 'Python packages for the pack (150 MB)',
  from: 'scripts/requirements',
  stamp: inTools('wheels', '.made-from'),
  inputs: () => [textOf(requirements('notebooks.txt')), textOf(requirements('compiler.txt')), process.arch, pythons.join()],
  disk: 300e6,
  async make(show) {
    const folder = inTools('wheels'), making = `${folder}.making`
    rmSync(making, { recursive: true, force: true })
    mkdirSync(making, { recursive: true })
    const [lowest, highest] = pythons
    for (let minor = lowest; minor <= highest; minor++) {
      show.update(`Python 3.${minor}`)
      // Some packages depend on a version's third number: the lists of the first and of a late one together have all.
      const lists = new Map([`3.${minor}.99`, `3.${minor}.0`].map(version => [requirementsFor(version), version]))
      for (const [list, version] of lists) {
        writeFileSync(join(making, 'list.txt'), list)
        await download(version, join(making, 'list.txt'), making)
      }
    }
    show.update('compiler')
    await download(`3.${highest}`, requirements('compiler.txt'), making)
    rmSync(join(making, 'list.txt'))
    rmSync(folder, { recursive: true, force: true })
    renameSync(making, folder)
  },
}

function requirementsFor(version) {
  const { status, stdout, stderr } = spawnSync(venvPython,
    [inProject('scripts', 'pack', 'requirements-for.py'), requirements('notebooks.txt'), version], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

async function download(version, list, folder) {
  const abi = `cp${version.split('.').slice(0, 2).join('')}`
  await command('python packages for the pack', venvPython, ['-m', 'pip', 'download', '--no-deps', '--require-hashes',
    '--only-binary=:all:', '--implementation=cp', `--python-version=${version}`, `--abi=${abi}`, '--abi=abi3', '--abi=none', ...platforms(),
    '--dest', folder, '-r', list])
}

/** The kinds of Linux that a package may be built for: the GNU C library 2.5 to 2.28, which Node needs as well. */
function platforms() {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const kinds = ['1', '2010', '2014', ...Array.from({ length: 24 }, (_, i) => `_2_${5 + i}`)]
  return kinds.map(kind => `--platform=manylinux${kind}_${arch}`)
}
