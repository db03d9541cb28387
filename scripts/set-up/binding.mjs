/** Compiles TensorFlow.js's native binding against TensorFlow's libraries: fifteen seconds with a system compiler. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from './command.mjs'
import { pipOptions } from './packed.mjs'
import { inProject, onPath, root, venvPython } from './project.mjs'
import { textOf, textsBelow } from './step.mjs'

const patchFile = inProject('native', 'binding.patch')

/** This project's C++, which the patch calls. */
const operations = inProject('native', 'operations')
const sources = ['batch-normalization', 'convolution', 'operations', 'pointwise-convolution']

/** The texts that the binding is made from, including this file with the compiler's arguments; not TensorFlow's. */
export function bindingSource(source) {
  const thisFile = textOf(fileURLToPath(import.meta.url))
  return [...textsBelow(source, /\.(cc|h)$/), textOf(patchFile), ...textsBelow(operations, /\.(cc|h)$/), thisFile]
}

/** The file in a binding's folder that says what was left out of the binding, and why: one line. */
export function leftOut(folder) {
  return join(folder, 'left-out.txt')
}

/**
 * Compiles the binding with this project's patch and operations. With the patch, operations take lists as attributes
 * and may overwrite inputs that the caller gives up. The operations are compiled for the processor of this machine.
 * Parts that do not fit or do not compile are left out, which costs speed only; the reason is written beside the
 * binding.
 * @param {{ source: string, engine: string, folder: string, scratch: string }} folders `source` has the binding's
 *   C++, `engine` the folder tensorflow/ with libraries and headers; the binding goes to `folder`, temporary files to
 *   `scratch`
 * @throws SetUpError if neither the system's compiler nor the one from the Python registry can build the binding
 */
export async function buildBinding({ source, engine, folder, scratch }) {
  const patched = join(scratch, 'source')
  mkdirSync(scratch, { recursive: true })
  cpSync(source, patched, { recursive: true })
  const misfit = await applyPatches(patched)
  const build = async compile => {
    const objects = sources.map(name => join(scratch, `${name}.o`))
    const [reason] = misfit ? [misfit] : await failures(sources.map((name, i) =>
      compile(name, operationArguments(join(operations, `${name}.cc`), objects[i], engine))))
    const more = reason ? [] : ['-DLAB_OPERATIONS', ...objects, '-pthread']
    await compile('binding', bindingArguments(patched, engine, join(folder, 'tfjs_binding.node'), more))
    if (reason) writeFileSync(leftOut(folder), reason)
  }
  const system = ['c++', 'g++', 'clang++'].find(name => onPath(name))
  if (system && !(await failures([build((name, args) => command(name, system, args))])).length) return
  const zig = join(scratch, 'zig')
  const lockFile = inProject('scripts', 'requirements', 'compiler.txt')
  await command('compiler', venvPython, ['-m', 'pip', 'install', '--target', zig, '--no-deps', '--no-cache-dir',
    '--require-hashes', ...pipOptions, '-r', lockFile])
  const env = { PYTHONPATH: zig, ZIG_LOCAL_CACHE_DIR: join(scratch, 'cache'), ZIG_GLOBAL_CACHE_DIR: join(scratch, 'cache') }
  await build((name, args) => command(name, venvPython, ['-m', 'ziglang', 'c++', ...args], { env }))
}

/** Waits for all promises; returns a line for each that failed. */
async function failures(promises) {
  const ends = await Promise.allSettled(promises)
  return ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.received ?? reason.message)
}

/** Applies the patch to the files in a folder: to all or to none. Returns which file does not fit, or ''. */
async function applyPatches(folder) {
  // Imported here, because the npm packages may not be installed when this file is loaded.
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

/** Names of source files in the binding's messages do not name the place of this project. */
const withoutPlace = `-ffile-prefix-map=${root}/=`

/** Only the operations are compiled for one machine: the binding checks the processor before it calls them. */
function operationArguments(source, object, engine) {
  return [
    '-std=c++20', '-O3', '-march=native', '-fPIC', '-pthread', '-w', withoutPlace, `-I${join(engine, 'tensorflow', 'include')}`,
    '-c', source, '-o', object,
  ]
}

function bindingArguments(source, engine, target, more) {
  const tensorflow = join(engine, 'tensorflow')
  return [
    '-std=c++17', '-O2', '-shared', '-fPIC', '-w', withoutPlace,
    '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
    `-I${source}`, `-I${operations}`, `-I${inProject('node_modules', 'node-api-headers', 'include')}`, `-I${join(tensorflow, 'include')}`,
    ...readdirSync(source).filter(name => name.endsWith('.cc')).map(name => join(source, name)),
    ...more, '-o', target,
    join(tensorflow, 'libtensorflow_cc.so.2'), join(tensorflow, 'libtensorflow_framework.so.2'),
    // A relative path from node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8, so that the project may be moved.
    `-Wl,-rpath,$ORIGIN/../../../../../.engine/${basename(engine)}/tensorflow`,
  ]
}
