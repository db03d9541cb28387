/** Odd images: OpenCV's sharpness, each kind of oddness on its own, and silence where nothing is odd. */
import { describe, expect, test, vi } from 'vitest'
import golden from '../golden/sharpness.json'
import { describeImageIssues } from '../../src/lib/audit/image-finding'
import { findImageIssues, type ImageOddness } from '../../src/lib/audit/image-issues'
import { robustScores } from '../../src/lib/audit/outliers'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import type { Image } from '../../src/lib/images/image'
import { laplacianVariance } from '../../src/lib/images/sharpness'
import { openDataset } from '../../src/lib/index'
import { sha256 } from '../../src/lib/system/hash'
import { stream } from '../../src/lib/system/random'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

test.each(golden.cases)('the variance of the Laplacian is OpenCV’s: $name', ({ width, height, data, variance }) => {
  // Whole numbers: both are exact but for the last division and subtraction.
  const received = laplacianVariance({ width, height, data: Uint8Array.from(data) })
  expect(Math.abs(received - variance)).toBeLessThan(1e-9 * (1 + variance))
})

test('robust scores are standard deviations, whatever outliers do', () => {
  const random = stream('scores of a test', 1), values = Array.from({ length: 2000 }, () => 5 + 3 * random.normal())
  const scores = robustScores([...values, 1e9])
  // The median absolute deviation of 2,000 values varies by about 2 %.
  expect(scores[0]).toBeCloseTo((values[0] - 5) / 3, 0)
  expect(scores.slice(0, -1).reduce((sum, score) => sum + score * score, 0) / 2000).toBeCloseTo(1, 0)
  expect(robustScores([4, 4, 4, 4, 9])[4]).toBeGreaterThan(3.5)
  expect(robustScores([4, 4, 4])).toEqual([0, 0, 0])
})

/** A picture with a pattern and some noise. */
function picture(i: number, { size = 24, wide = 1, mean = 120, contrast = 40, smooth = false, noise = 4 } = {}): Image {
  const width = Math.round(size * wide), random = stream('picture of a test', i)
  const grain = smooth ? 0 : noise
  const data = Uint8Array.from({ length: width * size }, (_, k) => Math.round(Math.min(255, Math.max(0, mean + (i % 5)
    + contrast * Math.sin((k % width) / (smooth ? 6 : 1.5)) + grain * random.normal()))))
  return { width, height: size, channels: 1, data }
}

/** Forty pictures of two classes, two of each patient; `odd` are drawn otherwise. */
function setWith(
  odd: readonly number[], how: Parameters<typeof picture>[1] & { data?: Uint8Array } = {}, more: Partial<Dataset> = {},
) {
  const items = Array.from({ length: 40 }, (_, i): Item =>
    ({ name: `image ${String(i).padStart(2, '0')}`, label: i < 20 ? 0 : 1, group: `patient ${Math.floor(i / 2)}` }))
  return datasetOf(items, {
    grouping: 'patient', contentHash: sha256(JSON.stringify([odd, how, Object.keys(more)])),
    read: async i => (odd.includes(i) ? { ...picture(i, how), ...(how.data ? { data: how.data } : {}) } : picture(i)),
    ...more,
  })
}

async function found(set: Dataset) {
  const { kinds } = await findImageIssues(set)
  return Object.fromEntries(kinds.filter(({ indices }) => indices.length > 0)
    .map(({ kind, indices }) => [kind, [...indices].sort((a, b) => a - b)]))
}

describe('each kind is found on its own', () => {
  const kinds: readonly (readonly [ImageOddness, NonNullable<Parameters<typeof setWith>[1]>, Partial<Dataset>])[] = [
    ['dark', { mean: 70 }, {}], ['bright', { mean: 170 }, {}], ['low contrast', { contrast: 4, noise: 1 }, {}],
    ['blurred', { smooth: true }, {}], ['odd size', { size: 60 }, {}], ['odd aspect', { wide: 1.4 }, {}],
    ['odd channels', {}, { storedChannels: async i => (i === 3 || i === 30 ? 3 : 1) }],
  ]
  test.each(kinds)('%s', async (kind, how, more) => {
    const issues = await found(setWith(kind === 'odd channels' ? [] : [3, 30], how, more))
    expect(issues[kind]).toEqual([3, 30])
    // An image of another shape may have another size as well, one of another brightness no other fault.
    expect(Object.keys(issues).filter(other => other !== kind && other !== 'odd size')).toEqual([])
  })

  test('odd exposure', async () => {
    expect((await found(setWith([3], { contrast: 400 })))['odd exposure']).toEqual([3])
  })

  test('nearly empty, also in a set of few images', async () => {
    const set = setWith([3], { data: new Uint8Array(24 * 24).fill(9) })
    expect((await found(set))['nearly empty']).toEqual([3])
    const few = { ...set, items: set.items.slice(0, 5), contentHash: 'few' }
    const issues = await findImageIssues(few)
    expect(issues.uncompared).toMatch('5 images are too few')
    expect(describeImageIssues(few, issues))
      .toMatchObject({ verdict: 'fault', sentence: '1 of 5 images is odd: 1 nearly empty.' })
  })
})

const verdict = async (set: Dataset) => describeImageIssues(set, await findImageIssues(set))

test('odd images in both classes alike are named, and no fault; in one class only they are a shortcut', async () => {
  expect(await verdict(setWith([3, 30], { mean: 60 }))).toMatchObject({
    verdict: 'clear', sentence: '2 of 40 images are odd: 2 dark. No class has clearly more of them.',
  })
  const { verdict: telling, sentence } = await verdict(setWith([0, 2, 4, 6, 8, 10, 12, 14], { mean: 60 }))
  expect(telling).toBe('fault')
  expect(sentence).toMatch('8 of 20 images of COVID and 0 of 20 images of non-COVID are dark')
})

test('a patient counts once: many odd images of few patients prove nothing', async () => {
  const { kinds } = await findImageIssues(setWith([0, 1, 2, 3], { mean: 60 }))
  const dark = kinds.find(({ kind }) => kind === 'dark')!
  expect(dark.byClass).toEqual([4, 0])
  expect(dark.pValue).toBeGreaterThan(0.2)
})

test('nothing is odd where nothing is: images alike, both phantoms', async () => {
  expect(await found(setWith([]))).toEqual({})
  expect(await verdict(setWith([]))).toMatchObject({ verdict: 'clear' })
  const phantoms = [
    await openDataset('phantom', { phantom: { patients: 24, slicesPerPatient: 2, size: 48 } }),
    await openDataset('phantom-xray', { xrayPhantom: { patients: 24, imagesPerPatient: 2, size: 48 } }),
  ]
  for (const set of phantoms) expect(await verdict(set)).toMatchObject({ verdict: 'clear' })
})

test('a few images alone are not compared', async () => {
  const set = { ...setWith([]), items: setWith([]).items.slice(0, 4), contentHash: 'four' }
  const { verdict: said, sentence } = await verdict(set)
  expect(said).toBe('unknown')
  expect(sentence).toBe('No image is nearly empty; 4 images are too few to call one of them odd.')
})

test('a damaged image ends the search with its error; the signal ends it, too', async () => {
  const read = async () => { throw new Error('image 7 is damaged') }
  await expect(findImageIssues(setWith([], {}, { read, contentHash: 'damaged' }))).rejects.toThrow('image 7 is damaged')
  const stopped = findImageIssues({ ...setWith([]), contentHash: 'stopped' }, { signal: AbortSignal.abort() })
  await expect(stopped).rejects.toThrow('aborted')
})
