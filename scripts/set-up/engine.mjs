/**
 * TensorFlow's two libraries from its Python package, and TensorFlow.js's binding built against them. No Python of
 * the package ever runs, so one package serves whatever Python is there. The libraries and the binding are kept in
 * .engine/cpu or .engine/gpu; a copy of the binding goes where TensorFlow.js looks for it.
 */
import {
  copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, statfsSync, writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { bindingSource, buildBinding } from './binding.mjs'
import { command } from './command.mjs'
import { SetUpFault } from './fault.mjs'
import { engineVariant, inProject, root, venvPython } from './project.mjs'
import { textOf } from './step.mjs'
import { size } from './terminal.mjs'

/** Disk that the engine takes while it is being put together, and the download, in bytes. */
const room = { cpu: { disk: 2.5e9, download: 270e6 }, gpu: { disk: 14e9, download: 3.5e9 } }

const tensorFlowJs = inProject('node_modules', '@tensorflow', 'tfjs-node-gpu')
const boundAt = join(tensorFlowJs, 'lib', 'napi-v8')

/** Why this machine gets no native engine, or null. Networks run on WebAssembly there. */
export function noEngineBecause(
  platform = process.platform, arch = process.arch, gnu = hasGnuLibrary(), wanted = process.env.LAB_ENGINE,
) {
  if (wanted === 'wasm') return 'LAB_ENGINE=wasm asks for none'
  if (platform === 'darwin') return 'on macOS the native engine is untried'
  if (platform !== 'linux') return `${platform} is not supported`
  if (arch !== 'x64' && arch !== 'arm64') return `TensorFlow has no package for ${arch} processors`
  if (!gnu) return 'TensorFlow needs the GNU C library (this system has another, as Alpine does)'
  return null
}

/** @type {import('./step.mjs').Step} for the engine in use */
export function engine(variant = engineVariant()) {
  const folder = inProject('.engine', variant)
  return {
    title: variant === 'gpu' ? 'TensorFlow for NVIDIA cards (several gigabytes)' : 'TensorFlow (270 MB)',
    stamp: join(folder, '.made-from'),
    inputs: () => [textOf(lockFile(variant)), ...bindingSource(join(tensorFlowJs, 'binding'))],
    async make(show) {
      checkDisk(room[variant].disk)
      const making = `${folder}.making`
      rmSync(making, { recursive: true, force: true })
      mkdirSync(join(making, 'wheels'), { recursive: true })
      await fetchLibraries(variant, making, show)
      show.update('building the binding')
      await buildOrSayWhy(making, () =>
        buildBinding({ source: join(tensorFlowJs, 'binding'), libraries: making, scratch: join(making, 'scratch') }))
      for (const part of ['scratch', 'wheels', 'unpacked', join('tensorflow', 'include')])
        rmSync(join(making, part), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
      renameSync(making, folder)
    },
  }
}

/** Where it is said why the binding could not be built. */
export function unbuilt(folder = inProject('.engine', engineVariant())) {
  return join(folder, 'unbuilt.txt')
}

/**
 * Where no compiler can build the binding, the set-up goes on: networks train on WebAssembly. What the user can mend,
 * such as the network or a full disk, is a fault.
 * @param {string} folder where the reason is left
 * @param {() => Promise<void>} build
 */
export async function buildOrSayWhy(folder, build) {
  try {
    await build()
  } catch (fault) {
    if (fault.code !== 'command-failed') throw fault
    writeFileSync(unbuilt(folder), fault.message)
  }
}

/** @type {import('./step.mjs').Step} puts the binding where TensorFlow.js looks for it */
export function binding(variant = engineVariant()) {
  return {
    title: 'native binding',
    stamp: join(boundAt, '.made-from'),
    inputs: () => [variant, textOf(engine(variant).stamp)],
    async make() {
      mkdirSync(boundAt, { recursive: true })
      const target = join(boundAt, 'tfjs_binding.node')
      if (existsSync(unbuilt())) return rmSync(target, { force: true })
      // Renamed into place: a running program keeps the file that it has loaded.
      copyFileSync(inProject('.engine', variant, 'tfjs_binding.node'), `${target}.tmp`)
      renameSync(`${target}.tmp`, target)
    },
  }
}

async function fetchLibraries(variant, making, show) {
  const wheels = join(making, 'wheels')
  const { download } = room[variant]
  const watch = setInterval(() => show.update(`${size(bytesIn(wheels))} of about ${size(download)}`), 500)
  try {
    await command(`tensorflow ${variant}`, venvPython, ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir',
      '--require-hashes', '--only-binary=:all:', '--implementation=cp', '--python-version=3.12', '--abi=cp312',
      '--abi=none', ...platforms(), '--dest', wheels, '-r', lockFile(variant)], { env: { TMPDIR: wheels } })
  } finally {
    clearInterval(watch)
  }
  show.update('unpacking')
  const unpacked = join(making, 'unpacked')
  for (const wheel of readdirSync(wheels).filter(name => name.endsWith('.whl')))
    await command('unpacking tensorflow', venvPython, ['-m', 'zipfile', '-e', join(wheels, wheel), unpacked])
  mkdirSync(join(making, 'tensorflow'))
  for (const part of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include', 'THIRD_PARTY_NOTICES.txt'])
    renameSync(join(unpacked, 'tensorflow', part), join(making, 'tensorflow', part))
  if (variant === 'gpu') renameSync(join(unpacked, 'nvidia'), join(making, 'nvidia'))
}

/** The kinds of Linux that a package may be made for: that of 2014, and by GNU C library from 2.17 to 2.28. */
function platforms() {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const kinds = ['2014', ...Array.from({ length: 12 }, (_, i) => `_2_${17 + i}`)]
  return kinds.map(kind => `--platform=manylinux${kind}_${arch}`)
}

function lockFile(variant) {
  return inProject('scripts', 'requirements', `tensorflow-${variant}.txt`)
}

function checkDisk(needed) {
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < needed)
    throw new SetUpFault('disk-full', {
      expected: `${size(needed)} of free disk`,
      received: size(bavail * bsize),
      remedy: 'free some disk space and run the same command again',
    })
}

/** The sizes of a folder's files, added up. pip downloads into a folder of its own in there, and removes it again. */
function bytesIn(folder) {
  const sizeOf = name => statSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0
  return readdirSync(folder, { recursive: true }).reduce((sum, name) => sum + sizeOf(name), 0)
}

function hasGnuLibrary() {
  return process.report.getReport().header.glibcVersionRuntime !== undefined
}
