/** Where NVIDIA's libraries look and write, what is said of a missing card, and how a card is asked its name. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onPath } from '../../scripts/set-up/project.mjs'
import { cardVariables, driverVersion, logLevel } from '../../src/lib/system/card.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const inFolder = temporaryFolder()

describe('the environment of cards', () => {
  test('chooses the first card, as nvidia-smi counts, and keeps the driver’s files in the project', () => {
    expect(cardVariables('/project', {})).toEqual({
      CUDA_VISIBLE_DEVICES: '0', CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_CACHE_PATH: '/project/.cache/cuda',
      CUDA_CACHE_MAXSIZE: '4294967296',
    })
  })

  test('of several visible cards leaves the first', () => {
    expect(cardVariables('/project', { CUDA_VISIBLE_DEVICES: '2,0' }).CUDA_VISIBLE_DEVICES).toBe('2')
    expect(cardVariables('/project', { CUDA_VISIBLE_DEVICES: '3' }).CUDA_VISIBLE_DEVICES).toBeUndefined()
  })

  test('adds the compiler’s path to other flags of XLA', () => {
    mkdirSync(inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc'), { recursive: true })
    expect(cardVariables(inFolder(), { XLA_FLAGS: '--a' }).XLA_FLAGS)
      .toBe(`--a --xla_gpu_cuda_data_dir="${inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc')}"`)
  })

  test('leaves what the user has set', () => {
    const XLA_FLAGS = '--xla_gpu_cuda_data_dir=/cuda'
    const set = { CUDA_VISIBLE_DEVICES: '', CUDA_DEVICE_ORDER: 'FASTEST_FIRST', CUDA_CACHE_PATH: '/cache', XLA_FLAGS }
    mkdirSync(inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc'), { recursive: true })
    expect(cardVariables(inFolder(), set)).toEqual({ CUDA_CACHE_MAXSIZE: '4294967296' })
  })

  test('tells XLA where its compiler is, if it is there', () => {
    expect(cardVariables(inFolder(), {}).XLA_FLAGS)
      .toBe(`--xla_gpu_cuda_data_dir="${inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc')}"`)
  })

  test('silences TensorFlow’s report of a missing card only where none is looked for', () => {
    const empty = { PATH: '' }
    expect(logLevel(false, { LAB_ENGINE: 'native' })).toBe('2')
    expect(logLevel(true, { LAB_ENGINE: 'native' })).toBe('3')
    writeFileSync(inFolder('nvidia-smi'), '')
    expect(logLevel(true, { PATH: inFolder() })).toBe('2')
    expect(logLevel(true, { PATH: inFolder(), CUDA_VISIBLE_DEVICES: '0' })).toBe('2')
    expect(logLevel(true, { PATH: inFolder(), CUDA_VISIBLE_DEVICES: '' })).toBe('3')
    if (driverVersion() === null) expect(logLevel(true, empty)).toBe('3')
  })

  test.each([
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\nGCC version: 12', '535.129.03'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159  Release Build  (root)\n', '580.159'],
    ['something else\n', null],
  ])('the driver’s version is read from %o', (text, version) => {
    writeFileSync(inFolder('version'), text)
    expect(driverVersion(inFolder('version'))).toBe(version)
  })
})

/** Compiles C++ to a file of the temporary folder. */
function compile(name: string, source: string, ...args: string[]): string {
  writeFileSync(inFolder(`${name}.cc`), source)
  execFileSync(compiler!, ['-std=c++17', ...args, inFolder(`${name}.cc`), '-o', inFolder(name), '-ldl'])
  return inFolder(name)
}
const compiler = ['c++', 'g++', 'clang++'].map(name => onPath(name)).find(path => path !== null)

describe.skipIf(!compiler)(compiler ? 'card.h' : 'card.h: skipped, since there is no C++ compiler', () => {
  const ask = (preloaded: string) => execFileSync(inFolder('ask'), { encoding: 'utf8', env: { LD_PRELOAD: preloaded } })

  test('asks the libraries that are loaded, and loads none', () => {
    compile('ask', `#include "card.h"
#include <cstdio>
int main() { const lab::Card card = lab::cardInUse(); std::printf("%s|%zu", card.model.c_str(), card.cudnn); }`,
    `-I${inProject('native', 'operations')}`)
    const cuda = compile('libcuda.so.1', `#include <cstring>
extern "C" int cuDeviceGet(int *device, int ordinal) { *device = 40 + ordinal; return 0; }
extern "C" int cuDeviceGetName(char *name, int size, int device) {
  std::strncpy(name, device == 40 ? "NVIDIA Stub" : "another", size); return 0; }`, '-shared', '-fPIC', '-Wl,-soname,libcuda.so.1')
    const cudnn = compile('libcudnn.so.9', 'extern "C" unsigned long cudnnGetVersion() { return 92800; }',
      '-shared', '-fPIC', '-Wl,-soname,libcudnn.so.9')
    expect(ask('')).toBe('|0')
    expect(ask(`${cuda}:${cudnn}`)).toBe('NVIDIA Stub|92800')
    const none = compile('none.so', 'extern "C" int cuDeviceGet(int *, int) { return 100; }', '-shared', '-fPIC', '-Wl,-soname,libcuda.so.1')
    expect(ask(none)).toBe('|0')
  })
})
