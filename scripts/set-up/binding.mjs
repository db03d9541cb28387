/** Compiles TensorFlow.js's native binding against TensorFlow's libraries: fifteen seconds with a system compiler. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from './command.mjs'
import { inProject, onPath, venvPython } from './project.mjs'
import { textOf, textsBelow } from './step.mjs'

const patchFile = inProject('native', 'binding.patch')

/** This project's own C++, which the patch calls. */
const own = inProject('native', 'operations')
const sources = ['batch-normalization', 'convolution', 'operations', 'pointwise-convolution']

/** All that the binding is made from but TensorFlow and the compiler: texts, with those of the compiler's arguments. */
export function bindingSource(source) {
  const itself = textOf(fileURLToPath(import.meta.url))
  return [...textsBelow(source, /\.(cc|h)$/), textOf(patchFile), ...textsBelow(own, /\.(cc|h)$/), itself]
}

/** Where it is said what was left out of the binding in a folder, and why: one line. */
export function leftOut(folder) {
  return join(folder, 'left-out.txt')
}

/**
 * Compiles it with this project's patch: operations take lists as attributes, and may write over inputs that the caller
 * gives away; and with this project's own operations, for the processor of this very machine. What does not fit or
 * compile is left out, which costs speed only; the reason is left beside the binding.
 * @param {{ source: string, engine: string, folder: string, scratch: string }} folders where the binding's C++ lies;
 *   where the folder tensorflow/ with libraries and headers lies; where the binding goes; where the compiler may leave
 *   things
 * @throws SetUpError when neither the system's compiler nor the one from the Python registry can build it
 */
export async function buildBinding({ source, engine, folder, scratch }) {
  const patched = join(scratch, 'source')
  mkdirSync(scratch, { recursive: true })
  cpSync(source, patched, { recursive: true })
  const misfit = await applyPatches(patched)
  const build = async compile => {
    const objects = sources.map(name => join(scratch, `${name}.o`))
    const [fault] = misfit ? [misfit] : await faultsOf(sources.map((name, i) =>
      compile(name, operationArguments(join(own, `${name}.cc`), objects[i], engine))))
    const more = fault ? [] : ['-DLAB_OPERATIONS', ...objects, '-pthread']
    await compile('binding', bindingArguments(patched, engine, join(folder, 'tfjs_binding.node'), more))
    if (fault) writeFileSync(leftOut(folder), fault)
  }
  const system = ['c++', 'g++', 'clang++'].find(name => onPath(name))
  if (system && !(await faultsOf([build((name, args) => command(name, system, args))])).length) return
  const zig = join(scratch, 'zig')
  const lockFile = inProject('scripts', 'requirements', 'compiler.txt')
  await command('compiler', venvPython, ['-m', 'pip', 'install', '--target', zig, '--no-deps', '--no-cache-dir',
    '--require-hashes', '-r', lockFile])
  const env = { PYTHONPATH: zig, ZIG_LOCAL_CACHE_DIR: join(scratch, 'cache'), ZIG_GLOBAL_CACHE_DIR: join(scratch, 'cache') }
  await build((name, args) => command(name, venvPython, ['-m', 'ziglang', 'c++', ...args], { env }))
}

/** What went wrong, once all have ended: a line each. */
async function faultsOf(promises) {
  const ends = await Promise.allSettled(promises)
  return ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.received ?? reason.message)
}

/** Changes the files in a folder as the patch says: all of them, or none. Says what it does not fit. */
async function applyPatches(folder) {
  // Only now: before the npm packages are there, it could not be loaded.
  const { applyPatch, parsePatch } = await import('diff')
  const patches = parsePatch(readFileSync(patchFile, 'utf8')).map(patch => {
    const path = join(folder, patch.oldFileName.replace(/^a\//, ''))
    return { path, text: applyPatch(readFileSync(path, 'utf8'), patch) }
  })
  const misfit = patches.find(({ text }) => text === false)
  if (misfit) return `binding.patch does not fit ${basename(misfit.path)}`
  for (const { path, text } of patches) writeFileSync(path, text)
  return ''
}

/** Only these are compiled for one machine: the binding asks the processor before it calls them. */
function operationArguments(source, object, engine) {
  return [
    '-std=c++20', '-O3', '-march=native', '-fPIC', '-pthread', '-w', `-I${join(engine, 'tensorflow', 'include')}`,
    '-c', source, '-o', object,
  ]
}

function bindingArguments(source, engine, target, more) {
  const tensorflow = join(engine, 'tensorflow')
  return [
    '-std=c++17', '-O2', '-shared', '-fPIC', '-w',
    '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
    `-I${source}`, `-I${own}`, `-I${inProject('node_modules', 'node-api-headers', 'include')}`, `-I${join(tensorflow, 'include')}`,
    ...readdirSync(source).filter(name => name.endsWith('.cc')).map(name => join(source, name)),
    ...more, '-o', target,
    join(tensorflow, 'libtensorflow_cc.so.2'), join(tensorflow, 'libtensorflow_framework.so.2'),
    // From node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8 up to the project: it may be moved as a whole.
    `-Wl,-rpath,$ORIGIN/../../../../../.engine/${basename(engine)}/tensorflow`,
  ]
}
