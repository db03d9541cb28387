/**
 * TensorFlow.js's native binding. It is compiled against TensorFlow's libraries and stored beside them, in
 * .engine/cpu or .engine/gpu; a copy goes to the folder in which TensorFlow.js looks for it. If the source changes,
 * the binding is compiled again, and nothing is downloaded.
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

/** Where TensorFlow.js looks for the binding. */
export const boundTo = join(boundAt, 'tfjs_binding.node')

/** Why this machine gets no native engine, or null. Without one, networks run on WebAssembly. */
export function noEngineBecause(
  platform = process.platform, arch = process.arch, gnu = hasGnuLibrary(), requested = process.env.LAB_ENGINE,
) {
  if (requested === 'wasm') return 'LAB_ENGINE=wasm asks for none'
  if (platform === 'darwin') return 'the native engine has not been tested on macOS'
  if (platform !== 'linux') return `${platform} is not supported`
  if (arch !== 'x64' && arch !== 'arm64') return `TensorFlow has no package for ${arch} processors`
  if (!gnu) return 'TensorFlow needs the GNU C library (this system has another, as Alpine does)'
  return null
}

/** The folder with the compiled binding, or with the reason why there is none. */
export function bindingFolder(variant = engineVariant()) {
  return join(engineFolder(variant), 'binding')
}

/** @returns {import('./step.mjs').Step} the step that compiles the binding for the engine in use */
export function compiledBinding(variant = engineVariant(), folder = bindingFolder(variant)) {
  return {
    title: 'native binding',
    from: 'native, its compiler or TensorFlow',
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

/** The file that says why the binding could not be built. */
export function unbuilt(folder = bindingFolder()) {
  return join(folder, 'unbuilt.txt')
}

/** Why the binding lacks the patch or this project's operations, in one line; empty if it has both. */
export function whyLeftOut() {
  return textOf(leftOut(bindingFolder()))
}

/**
 * Builds the binding. If no compiler can build it, the reason is written to a file, and the set-up goes on: networks
 * then train on WebAssembly. Errors that the user can mend, such as a full disk, are thrown.
 * @param {string} folder the folder for the reason
 * @param {() => Promise<void>} build
 */
export async function buildOrSayWhy(folder, build) {
  try {
    await build()
  } catch (error) {
    if (error.code !== 'command-failed') throw error
    writeFileSync(unbuilt(folder), error.message)
  }
}

/** @returns {import('./step.mjs').Step} the step that copies the binding to where TensorFlow.js looks for it */
export function binding(variant = engineVariant()) {
  const compiled = join(bindingFolder(variant), 'tfjs_binding.node')
  return {
    title: 'copy of the native binding for TensorFlow.js',
    from: 'the binding',
    stamp: join(boundAt, '.made-from'),
    inputs: () => [variant, textOf(compiled)],
    async make() {
      mkdirSync(boundAt, { recursive: true })
      if (!existsSync(compiled)) return rmSync(boundTo, { force: true })
      // Renamed, not overwritten: a running program may have loaded the old file.
      copyFileSync(compiled, `${boundTo}.tmp`)
      renameSync(`${boundTo}.tmp`, boundTo)
    },
  }
}

function hasGnuLibrary() {
  return process.report.getReport().header.glibcVersionRuntime !== undefined
}
