/** Features kept on disk: found again, never believed unchecked, never above their limit. */
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { featureLimit, storeFeatures, openFeatures } from '../../src/lib/inference/feature-cache'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const folder = path('features')
const size = { count: 5, width: 3 }
/** Row p holds 3p, 3p + 1, 3p + 2. */
const rows = Float32Array.from({ length: 15 }, (_, i) => i)

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.stubEnv('LAB_DATA_FOLDER', path())
})
afterEach(() => void vi.unstubAllEnvs())

async function* inPieces(...lengths: number[]) {
  let at = 0
  for (const length of lengths) yield rows.subarray(at * 3, (at += length) * 3)
}

const keep = async (key: string) => (await storeFeatures(key, size, () => inPieces(2, 3))).close()
const isKept = async (key: string) => {
  const features = await openFeatures(key, size)
  await features?.close()
  return features !== null
}

describe('features', () => {
  it('are read by index, in any order, with every bit', async () => {
    await keep('a')
    const features = (await openFeatures('a', size))!
    expect([...features.read(Uint32Array.of(4, 0, 4))]).toEqual([12, 13, 14, 0, 1, 2, 12, 13, 14])
    await features.close()
  })

  it('are stored as little-endian float32, followed by the SHA-256 of key and rows', async () => {
    await keep('a')
    const bytes = Buffer.from(rows.buffer)
    const seal = createHash('sha256').update('a').update(bytes).digest('hex')
    expect(readFileSync(join(folder, 'a.bin'))).toEqual(Buffer.concat([bytes, Buffer.from(seal)]))
  })

  it('are missing under another key, and in a file that was renamed', async () => {
    await keep('a')
    expect(await isKept('b')).toBe(false)
    writeFileSync(join(folder, 'b.bin'), readFileSync(join(folder, 'a.bin')))
    expect(await isKept('b')).toBe(false)
  })

  const file = join(folder, 'a.bin')
  const whole = () => readFileSync(file)
  it.each([
    ['one bit of a row is changed', () => writeFileSync(file, whole().fill(whole()[30] ^ 1, 30, 31))],
    ['one letter of the seal is changed', () => writeFileSync(file, whole().fill('x', 70, 71))],
    ['it is cut', () => truncateSync(file, 100)],
    ['it is empty', () => truncateSync(file, 0)],
    ['it is longer', () => writeFileSync(file, Buffer.concat([whole(), Buffer.from('x')]))],
  ])('are refused where %s', async (_, damage) => {
    await keep('a')
    damage()
    expect(await isKept('a')).toBe(false)
    await keep('a')
    expect(await isKept('a')).toBe(true)
  })

  it('whose source fails leave no file', async () => {
    const fault = new Error('the source broke')
    const breaks = async function* () {
      yield* inPieces(2)
      throw fault
    }
    await expect(storeFeatures('a', size, breaks)).rejects.toBe(fault)
    expect(readdirSync(folder)).toEqual([])
  })

  it('that the disk does not take are held in memory, and a notice says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    rmSync(folder, { recursive: true, force: true })
    writeFileSync(folder, 'a file where the folder should be')
    const features = await storeFeatures('a', size, () => inPieces(2, 3))
    rmSync(folder)
    await keep('a')
    const onDisk = (await openFeatures('a', size))!
    const indices = Uint32Array.of(3, 0)
    expect(features.read(indices)).toEqual(onDisk.read(indices))
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/a\.bin is not kept: .*in memory now/))
    warn.mockRestore()
    await Promise.all([features.close(), onDisk.close()])
  })

  it('with too few rows are refused', async () => {
    await expect(storeFeatures('a', size, () => inPieces(2, 2))).rejects.toMatchObject({ code: 'write-failed' })
  })

  it('whose file is cut while it is open are reported as missing', async () => {
    await keep('a')
    const features = (await openFeatures('a', size))!
    truncateSync(file, 40)
    expect(features.read(Uint32Array.of(1)).length).toBe(3)
    expect(() => features.read(Uint32Array.of(3))).toThrow('data-missing')
    await features.close()
  })
})

describe('the folder of features', () => {
  const megabyte = 1024 ** 2
  const large = { count: 1, width: 0.4 * megabyte / 4 | 0 }
  const keepLarge = async (key: string) => {
    const one = async function* () { yield new Float32Array(large.width) }
    await (await storeFeatures(key, large, one)).close()
  }
  const usedAt = (key: string, second: number) => utimesSync(join(folder, `${key}.bin`), second, second)

  it('stays under its limit: the least recently used files are deleted first', async () => {
    vi.stubEnv('LAB_FEATURE_CACHE', '1')
    await keepLarge('old')
    await keepLarge('older')
    usedAt('old', 1000)
    usedAt('older', 2000)
    await (await openFeatures('old', large))!.close()
    await keepLarge('new')
    expect(readdirSync(folder).sort()).toEqual(['new.bin', 'old.bin'])
  })

  it('is cleared of the files of killed processes, but not of files that are being written', async () => {
    await keep('a')
    // Process numbers on Linux stay below 4,194,304.
    const left = join(folder, '.x.bin.99999999-0.tmp'), underWay = join(folder, `.y.bin.${process.pid}-999.tmp`)
    for (const one of [left, underWay]) writeFileSync(one, '')
    await keep('b')
    expect([left, underWay].map(existsSync)).toEqual([false, true])
  })

  it('has a limit of 2 GiB unless the environment sets another', () => {
    expect(featureLimit()).toBe(2 * 1024 * megabyte)
    vi.stubEnv('LAB_FEATURE_CACHE', '0')
    expect(featureLimit()).toBe(0)
    vi.stubEnv('LAB_FEATURE_CACHE', '2 GB')
    expect(featureLimit).toThrow(/bad-argument: expected LAB_FEATURE_CACHE to be a whole number of MiB, received '2 GB'/)
  })
})
