/**
 * Which files of NVIDIA's Python packages TensorFlow opens. The others (headers, static libraries, interfaces for other
 * programs, second versions of the same library) would take 300 MB, and are not stored.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** XLA compiles with these two. It looks for them in the folder that cardVariables of src/lib/system/card.mjs names. */
const compiler = ['cuda_nvcc/bin/ptxas', 'cuda_nvcc/nvvm/libdevice/libdevice.10.bc']

/** Shared libraries that nothing opens: interfaces of BLAS and FFTW, one for several cards, other compilers. */
const unopened = /^lib(?:nvblas|cufftw|cusolverMg|nvrtc\.alt|nvrtc-builtins\.alt)\.so/

/** Whether a file of the packages' folder nvidia is opened. @param {string} path such as 'cudnn/lib/libcudnn.so.9' */
export function isOpened(path) {
  const [, name] = path.match(/^\w+\/lib\/(lib[^/]*\.so(?:\.\d+)*)$/) ?? []
  return name === undefined ? compiler.includes(path) : !unopened.test(name)
}

/** Removes the files that nothing opens. @param {string} folder the packages' folder nvidia */
export function removeUnopened(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isDirectory() && !isOpened(path.slice(folder.length + 1))) rmSync(path)
  }
}
