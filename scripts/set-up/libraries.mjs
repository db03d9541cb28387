/**
 * TensorFlow's two libraries and the headers of its C interface, from its Python package, stored in .engine/cpu or
 * .engine/gpu. None of the package's Python code runs, so one package serves every version of Python.
 */
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { size } from '../command/text.mjs'
import { command } from './command.mjs'
import { removeUnopened } from './opened-libraries.mjs'
import { requireNetwork } from './packed.mjs'
import { engineVariant, inProject, venvPython } from './project.mjs'
import { textOf } from './step.mjs'

/** Bytes on disk that the engine needs while it is being installed, and bytes of the download. */
const sizes = { cpu: { disk: 2.5e9, download: 270e6 }, gpu: { disk: 7e9, download: 3e9 } }

/** The folders with the headers of the C interface: 1 MB of the package's 240 MB of headers. */
const headers = [
  join('tensorflow', 'c'), join('tensorflow', 'core', 'platform'), join('tsl', 'platform'), join('xla', 'tsl', 'c'),
]

/** The folder of one engine's files. @param {'cpu' | 'gpu'} [variant] the engine in use */
export function engineFolder(variant = engineVariant()) {
  return inProject('.engine', variant)
}

/** @returns {import('./step.mjs').Step} the step that installs the libraries of the engine in use */
export function libraries(variant = engineVariant()) {
  const folder = engineFolder(variant)
  return {
    title: variant === 'gpu' ? 'TensorFlow for NVIDIA cards (3 GB)' : 'TensorFlow (270 MB)',
    from: 'scripts/requirements',
    stamp: join(folder, '.made-from'),
    inputs: () => [textOf(lockFile(variant)), ...headers],
    disk: sizes[variant].disk,
    async make(show) {
      requireNetwork('TensorFlow’s libraries')
      const making = `${folder}.making`
      rmSync(making, { recursive: true, force: true })
      mkdirSync(join(making, 'wheels'), { recursive: true })
      const unpacked = await fetchPackage(variant, making, show)
      moveNeededFiles(variant, unpacked, making)
      moveLicences(unpacked, making)
      for (const part of ['wheels', 'unpacked']) rmSync(join(making, part), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
      renameSync(making, folder)
    },
  }
}

/** @returns {Promise<string>} the folder with the package's files */
async function fetchPackage(variant, making, show) {
  const wheels = join(making, 'wheels')
  const { download } = sizes[variant]
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
  for (const wheel of readdirSync(wheels).filter(name => name.endsWith('.whl'))) {
    await command('unpacking tensorflow', venvPython, ['-m', 'zipfile', '-e', join(wheels, wheel), unpacked])
    rmSync(join(wheels, wheel))
  }
  return unpacked
}

function moveNeededFiles(variant, unpacked, folder) {
  const move = path => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    renameSync(join(unpacked, path), join(folder, path))
  }
  for (const part of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'THIRD_PARTY_NOTICES.txt'])
    move(join('tensorflow', part))
  for (const part of headers) move(join('tensorflow', 'include', part))
  if (variant !== 'gpu') return
  removeUnopened(join(unpacked, 'nvidia'))
  // Python's zipfile forgets that a file is a program.
  chmodSync(join(unpacked, 'nvidia', 'cuda_nvcc', 'bin', 'ptxas'), 0o755)
  move('nvidia')
}

/** The packages' licences travel with their libraries, into the folder licences. */
function moveLicences(unpacked, folder) {
  const isLicence = name => /^[^/]+\.dist-info\/(.*\/)?(licen[sc]e|notice|copying)[^/]*$/i.test(name)
    && statSync(join(unpacked, name)).isFile()
  for (const name of readdirSync(unpacked, { recursive: true }).map(String).filter(isLicence)) {
    const target = join(folder, 'licences', name.replace('.dist-info', ''))
    mkdirSync(dirname(target), { recursive: true })
    renameSync(join(unpacked, name), target)
  }
}

/** The kinds of Linux that a package may be built for: manylinux2014, and GNU C library 2.17 to 2.28. */
function platforms() {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const kinds = ['2014', ...Array.from({ length: 12 }, (_, i) => `_2_${17 + i}`)]
  return kinds.map(kind => `--platform=manylinux${kind}_${arch}`)
}

function lockFile(variant) {
  return inProject('scripts', 'requirements', `tensorflow-${variant}.txt`)
}

/** The total size of a folder's files, each name once: pip copies what it has downloaded from a temporary folder. */
function bytesIn(folder) {
  const sizeOf = name => statSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0
  const sizes = new Map(readdirSync(folder, { recursive: true }).map(name => [basename(String(name)), sizeOf(name)]))
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
}
