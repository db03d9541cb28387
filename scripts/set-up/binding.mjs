/** Compiles TensorFlow.js's native binding against TensorFlow's libraries: fifteen seconds with a system compiler. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.mjs'
import { inProject, onPath, venvPython } from './project.mjs'
import { textOf, textsBelow } from './step.mjs'

const patchFile = inProject('scripts', 'set-up', 'binding.patch')

/** This project's own C++, which the patch calls. */
const own = inProject('scripts', 'set-up', 'own')
const sources = ['convolution', 'normalization', 'operations', 'pixelwise']

/** All that the binding is made from but the compiler: texts. */
export function bindingSource(source) {
  return [...textsBelow(source, /\.(cc|h)$/), textOf(patchFile), ...textsBelow(own, /\.(cc|h)$/)]
}

/**
 * Compiles it with this project's patch: operations take lists as attributes, and may write over inputs that the caller
 * gives away; and with this project's own operations, for the processor of this very machine. What does not fit or
 * compile is left out, which costs speed only.
 * @param {{ source: string, libraries: string, scratch: string }} folders where the binding's C++ lies; where the
 *   folder tensorflow/ with libraries and headers lies, and the binding goes; where the compiler may leave things
 * @throws SetUpFault when neither the system's compiler nor the one from the Python registry can build it
 */
export async function buildBinding({ source, libraries, scratch }) {
  const patched = join(scratch, 'source')
  mkdirSync(scratch, { recursive: true })
  cpSync(source, patched, { recursive: true })
  const fits = await applyPatches(patched)
  const build = async compile => {
    const objects = sources.map(name => join(scratch, `${name}.o`))
    const made = fits && await succeeds(Promise.all(sources.map((name, i) =>
      compile(name, operationArguments(join(own, `${name}.cc`), objects[i], libraries)))))
    await compile('binding', bindingArguments(patched, libraries, made ? ['-DLAB_OPERATIONS', ...objects, '-pthread'] : []))
  }
  const system = ['c++', 'g++', 'clang++'].find(name => onPath(name))
  if (system && await succeeds(build((name, args) => command(name, system, args)))) return
  const zig = join(scratch, 'zig')
  const lockFile = inProject('scripts', 'requirements', 'compiler.txt')
  await command('compiler', venvPython, ['-m', 'pip', 'install', '--target', zig, '--no-deps', '--no-cache-dir',
    '--require-hashes', '-r', lockFile])
  const env = { PYTHONPATH: zig, ZIG_LOCAL_CACHE_DIR: join(scratch, 'cache'), ZIG_GLOBAL_CACHE_DIR: join(scratch, 'cache') }
  await build((name, args) => command(name, venvPython, ['-m', 'ziglang', 'c++', ...args], { env }))
}

function succeeds(promise) {
  return promise.then(() => true, () => false)
}

/** Changes the files in a folder as the patch says: all of them, or none. Tells which. */
async function applyPatches(folder) {
  // Only now: before the npm packages are there, it could not be loaded.
  const { applyPatch, parsePatch } = await import('diff')
  const patches = parsePatch(readFileSync(patchFile, 'utf8')).map(patch => {
    const path = join(folder, patch.oldFileName.replace(/^a\//, ''))
    return { path, text: applyPatch(readFileSync(path, 'utf8'), patch) }
  })
  const fits = patches.every(({ text }) => text !== false)
  if (fits) for (const { path, text } of patches) writeFileSync(path, text)
  return fits
}

/** Only these are compiled for one machine: the binding asks the processor before it calls them. */
function operationArguments(source, object, libraries) {
  return [
    '-std=c++20', '-O3', '-march=native', '-fPIC', '-pthread', '-w', `-I${join(libraries, 'tensorflow', 'include')}`,
    '-c', source, '-o', object,
  ]
}

function bindingArguments(source, libraries, more) {
  const tensorflow = join(libraries, 'tensorflow')
  const engineFolder = libraries.split('/').at(-1).replace('.making', '')
  return [
    '-std=c++17', '-O2', '-shared', '-fPIC', '-w',
    '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
    `-I${source}`, `-I${own}`, `-I${inProject('node_modules', 'node-api-headers', 'include')}`, `-I${join(tensorflow, 'include')}`,
    ...readdirSync(source).filter(name => name.endsWith('.cc')).map(name => join(source, name)),
    ...more, '-o', join(libraries, 'tfjs_binding.node'),
    join(tensorflow, 'libtensorflow_cc.so.2'), join(tensorflow, 'libtensorflow_framework.so.2'),
    // From node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8 up to the project: it may be moved as a whole.
    `-Wl,-rpath,$ORIGIN/../../../../../.engine/${engineFolder}/tensorflow`,
  ]
}
