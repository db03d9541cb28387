/** What is downloaded and stored for cards: libraries that TensorFlow opens, and XLA's compiler. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { isOpened, removeUnopened } from '../../scripts/set-up/opened-libraries.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const inFolder = temporaryFolder()

const opened = [
  'cublas/lib/libcublas.so.12', 'cublas/lib/libcublasLt.so.12', 'cuda_runtime/lib/libcudart.so.12',
  'cuda_nvrtc/lib/libnvrtc.so.12', 'cuda_nvrtc/lib/libnvrtc-builtins.so.12.9', 'cudnn/lib/libcudnn.so.9',
  'cudnn/lib/libcudnn_engines_precompiled.so.9', 'cufft/lib/libcufft.so.11', 'cusolver/lib/libcusolver.so.11',
  'cusparse/lib/libcusparse.so.12', 'nvjitlink/lib/libnvJitLink.so.12', 'cuda_cupti/lib/libcupti.so.12',
  'cuda_cupti/lib/libnvperf_host.so', 'cuda_nvcc/bin/ptxas', 'cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
]

const unopened = [
  '__init__.py', 'cublas/include/cublas.h', 'cublas/lib/libnvblas.so.12', 'cublas/lib/__init__.py',
  'cuda_nvrtc/lib/libnvrtc.alt.so.12', 'cuda_nvrtc/lib/libnvrtc-builtins.alt.so.12.9', 'cufft/lib/libcufftw.so.11',
  'cuda_runtime/lib/libcudart_static.a', 'cusolver/lib/libcusolverMg.so.11', 'cuda_nvcc/nvvm/lib64/libnvvm.so',
]

test.each(opened)('%s is stored', path => expect(isOpened(path)).toBe(true))
test.each(unopened)('%s is not', path => expect(isOpened(path)).toBe(false))

test('what nothing opens is removed, and nothing else', () => {
  for (const path of [...opened, ...unopened]) {
    mkdirSync(dirname(inFolder(path)), { recursive: true })
    writeFileSync(inFolder(path), path)
  }
  removeUnopened(inFolder())
  const left = readdirSync(inFolder(), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(inFolder().length + 1))
  expect(left.sort()).toEqual([...opened].sort())
})

test('packages that TensorFlow never opens are not downloaded', () => {
  const lock = readFileSync(inProject('scripts', 'requirements', 'tensorflow-gpu.txt'), 'utf8')
  const names = [...lock.matchAll(/^([\w-]+)==/gm)].map(([, name]) => name)
  expect(names).toContain('nvidia-cudnn-cu12')
  expect(names.filter(name => /nccl|curand/.test(name))).toEqual([])
})
