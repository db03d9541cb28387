/** Which engine runs: LAB_ENGINE decides; without it, the native engine if it can be loaded. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LabError } from '../../src/lib/system/errors'

beforeEach(() => vi.resetModules())
afterEach(() => {
  vi.unstubAllEnvs()
  vi.doUnmock('../../src/lib/engine/native/native-engine')
})

/** The engine in a program that starts with this LAB_ENGINE. */
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

test('LAB_ENGINE=wasm chooses WebAssembly', async () => {
  const { describeEngine, engineName } = await engineWith('wasm')
  expect(describeEngine()).toMatchObject({ engine: 'wasm', nativeMissing: 'LAB_ENGINE=wasm asks for it' })
  expect(engineName(describeEngine())).toBe('WebAssembly')
})

test.each([undefined, ''])('without a native engine and with LAB_ENGINE %o, WebAssembly runs and says why', async setting => {
  breakNative()
  const { describeEngine, tensor, read, release } = await engineWith(setting)
  expect(describeEngine()).toMatchObject({ engine: 'wasm', nativeMissing: 'no such file' })
  const one = tensor(Float32Array.of(1), [1])
  expect([...read(one)]).toEqual([1])
  release(one)
})

test.each(['native', 'gpu'])('LAB_ENGINE=%s fails if the native engine cannot be loaded', async setting => {
  breakNative()
  const { describeEngine } = await engineWith(setting)
  expect(describeEngine).toThrow(/^engine-missing/)
})

test('WebAssembly, asked for or for want of the native engine, refuses a step as one call', async () => {
  vi.stubEnv('LAB_STEP', 'graph')
  const refused = /^bad-argument: expected the native engine, which LAB_STEP=graph needs, received WebAssembly: /
  expect((await engineWith('wasm')).describeEngine).toThrow(refused)
  vi.resetModules()
  breakNative()
  expect((await engineWith(undefined)).describeEngine).toThrow(refused)
})

test('any other LAB_ENGINE is an error that lists the engines', async () => {
  const { describeEngine } = await engineWith('tpu')
  expect(describeEngine).toThrow(/^bad-argument: expected LAB_ENGINE to be 'native', 'gpu' or 'wasm', received 'tpu'/)
})
