/** Compiles TensorFlow.js's native binding against TensorFlow's libraries: ten seconds with a system compiler. */
import { join } from 'node:path'
import { mkdirSync, readdirSync } from 'node:fs'
import { command } from './command.mjs'
import { inProject, onPath, venvPython } from './project.mjs'

/**
 * @param {{ source: string, libraries: string, scratch: string }} folders where the binding's C++ lies; where the
 *   folder tensorflow/ with libraries and headers lies, and the binding goes; where the compiler may leave things
 * @throws SetUpFault when neither the system's compiler nor the one from the Python registry can build it
 */
export async function buildBinding({ source, libraries, scratch }) {
  mkdirSync(scratch, { recursive: true })
  const args = compilerArguments(source, libraries)
  const system = ['c++', 'g++', 'clang++'].find(name => onPath(name))
  if (system) {
    const built = await command('binding', system, args).then(() => true, () => false)
    if (built) return
  }
  const zig = join(scratch, 'zig')
  const lockFile = inProject('scripts', 'requirements', 'compiler.txt')
  await command('compiler', venvPython, ['-m', 'pip', 'install', '--target', zig, '--no-deps', '--no-cache-dir',
    '--require-hashes', '-r', lockFile])
  await command('binding', venvPython, ['-m', 'ziglang', 'c++', ...args], {
    env: { PYTHONPATH: zig, ZIG_LOCAL_CACHE_DIR: join(scratch, 'cache'), ZIG_GLOBAL_CACHE_DIR: join(scratch, 'cache') },
  })
}

function compilerArguments(source, libraries) {
  const tensorflow = join(libraries, 'tensorflow')
  const engineFolder = libraries.split('/').at(-1).replace('.making', '')
  return [
    '-std=c++17', '-O2', '-shared', '-fPIC', '-w',
    '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
    `-I${source}`, `-I${inProject('node_modules', 'node-api-headers', 'include')}`, `-I${join(tensorflow, 'include')}`,
    ...readdirSync(source).filter(name => name.endsWith('.cc')).map(name => join(source, name)),
    '-o', join(libraries, 'tfjs_binding.node'),
    join(tensorflow, 'libtensorflow_cc.so.2'), join(tensorflow, 'libtensorflow_framework.so.2'),
    // From node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8 up to the project: it may be moved as a whole.
    `-Wl,-rpath,$ORIGIN/../../../../../.engine/${engineFolder}/tensorflow`,
  ]
}
