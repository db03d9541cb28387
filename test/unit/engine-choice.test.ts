/** Which engine runs: LAB_ENGINE decides, else whether the native one can be loaded. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LabError } from '../../src/lib/system/errors'

beforeEach(() => vi.resetModules())
afterEach(() => {
  vi.unstubAllEnvs()
  vi.doUnmock('../../src/lib/engine/native/native-engine')
})

/** The engine as a program started with this setting would find it. */
async function engineWith(setting: string | undefined): Promise<typeof import('../../src/lib/engine/engine')> {
  vi.stubEnv('LAB_ENGINE', setting)
  return import('../../src/lib/engine/engine')
}

/** A machine on which the native binding cannot be loaded. */
function breakNative(): void {
  const describe = () => {
    throw new LabError('engine-missing', { expected: 'a binding', received: 'no such file', remedy: 'Build it' })
  }
  vi.doMock('../../src/lib/engine/native/native-engine', () => ({ nativeEngine: { describe } }))
}

test('LAB_ENGINE=wasm is WebAssembly, whatever else is there', async () => {
  const { describeEngine, engineName } = await engineWith('wasm')
  expect(describeEngine()).toMatchObject({ engine: 'wasm', nativeMissing: 'LAB_ENGINE=wasm asks for it' })
  expect(engineName(describeEngine())).toBe('WebAssembly')
})

test.each([undefined, ''])('without a native engine and with LAB_ENGINE %o it is WebAssembly, which says why', async setting => {
  breakNative()
  const { describeEngine, tensor, read, release } = await engineWith(setting)
  expect(describeEngine()).toMatchObject({ engine: 'wasm', nativeMissing: 'no such file' })
  const one = tensor(Float32Array.of(1), [1])
  expect([...read(one)]).toEqual([1])
  release(one)
})

test.each(['native', 'gpu'])('LAB_ENGINE=%s insists', async setting => {
  breakNative()
  const { describeEngine } = await engineWith(setting)
  expect(describeEngine).toThrow(/^engine-missing/)
})

test('another LAB_ENGINE is refused, with the ones there are', async () => {
  const { describeEngine } = await engineWith('tpu')
  expect(describeEngine).toThrow(/^bad-argument: expected LAB_ENGINE 'native', 'gpu' or 'wasm', or none, received 'tpu'/)
})
