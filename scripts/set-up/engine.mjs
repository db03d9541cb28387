/**
 * TensorFlow.js's binding: compiled against TensorFlow's libraries, kept beside them in .engine/cpu or .engine/gpu, and
 * a copy of it put where TensorFlow.js looks for it. A change of its source compiles it anew and fetches nothing.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bindingSource, buildBinding, leftOut } from './binding.mjs'
import { engineFolder, libraries } from './libraries.mjs'
import { engineVariant, inProject } from './project.mjs'
import { textOf } from './step.mjs'

const tensorFlowJs = inProject('node_modules', '@tensorflow', 'tfjs-node-gpu')
const source = join(tensorFlowJs, 'binding')
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

/** Where the compiled binding is kept, or why there is none. */
export function bindingFolder(variant = engineVariant()) {
  return join(engineFolder(variant), 'binding')
}

/** @type {import('./step.mjs').Step} compiles the binding for the engine in use */
export function compiledBinding(variant = engineVariant(), folder = bindingFolder(variant)) {
  return {
    title: 'native binding',
    stamp: join(folder, '.made-from'),
    inputs: () => [textOf(libraries(variant).stamp), ...bindingSource(source)],
    async make() {
      const making = `${folder}.making`
      rmSync(making, { recursive: true, force: true })
      mkdirSync(making, { recursive: true })
      const scratch = join(making, 'scratch')
      const folders = { source, engine: engineFolder(variant), folder: making, scratch }
      await buildOrSayWhy(making, () => buildBinding(folders))
      rmSync(scratch, { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
      renameSync(making, folder)
    },
  }
}

/** Where it is said why the binding could not be built. */
export function unbuilt(folder = bindingFolder()) {
  return join(folder, 'unbuilt.txt')
}

/** Why the binding is without the patch or this project's own operations, in one line; empty where it has both. */
export function whyLeftOut() {
  return textOf(leftOut(bindingFolder()))
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
  const compiled = join(bindingFolder(variant), 'tfjs_binding.node')
  return {
    title: 'native binding, in its place',
    stamp: join(boundAt, '.made-from'),
    inputs: () => [variant, textOf(compiled)],
    async make() {
      mkdirSync(boundAt, { recursive: true })
      const target = join(boundAt, 'tfjs_binding.node')
      if (!existsSync(compiled)) return rmSync(target, { force: true })
      // Renamed into place: a running program keeps the file that it has loaded.
      copyFileSync(compiled, `${target}.tmp`)
      renameSync(`${target}.tmp`, target)
    },
  }
}

function hasGnuLibrary() {
  return process.report.getReport().header.glibcVersionRuntime !== undefined
}
