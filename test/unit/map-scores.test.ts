/** Scoring heat maps where the lesions are known, and the sanity check with random weights. */
import { describe, expect, it, test, vi } from 'vitest'
import {
  checkSanity, look, openDataset, resnet50, scoreMaps, type Dataset, type HeatMaps, type Part,
} from '../../src/lib/index'
import { centerMap, randomMap } from '../../src/lib/attribution/baseline-maps'
import { rankMap } from '../../src/lib/attribution/check-sanity'
import { integratedGradients } from '../../src/lib/attribution/integrated-gradients'
import { lesionMask } from '../../src/lib/attribution/lesions'
import { areaOf, energyInside, overlapAt, pointsAt } from '../../src/lib/attribution/map-fit'
import type { FeatureMap } from '../../src/lib/images/feature-map'
import { smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

const size = 32
const ct = await openDataset('phantom', { phantom: { patients: 12, slicesPerPatient: 2, size } })
/** All images of the class COVID, in two parts by patient. */
const covid = ct.items.flatMap(({ label }, i) => (label === 0 ? [i] : []))
const tested: Part = { dataset: ct, role: 'test', indices: covid.slice(0, 6) }
const validation: Part = { dataset: ct, role: 'validation', indices: covid.slice(6) }

type Draw = (lesion: Uint8Array) => Float32Array

/** Maps as a method would give them, drawn from the lesions. */
async function mapsOf(part: Part, draw: Draw): Promise<HeatMaps> {
  const maps = await Promise.all(part.indices.map(async (_, i): Promise<FeatureMap> =>
    ({ width: size, height: size, data: draw(await lesionMask(part, i, size)) })))
  return {
    method: 'occlusion', part, classes: part.indices.map(() => 'COVID'), maps,
    probabilities: new Float32Array(maps.length).fill(1),
  }
}
const score = async (draw: Draw) =>
  scoreMaps(await mapsOf(tested, draw), { validation: await mapsOf(validation, draw) })

describe('maps of the lesions themselves', async () => {
  const [row, center, random] = await score(lesion => Float32Array.from(lesion))

  it('point at them in every image, cover them exactly, and hold as much as nothing else can', async () => {
    const areas = await Promise.all(tested.indices.map(async (_, i) => areaOf(await lesionMask(tested, i, size))))
    expect(row).toMatchObject({ map: 'occlusion', images: 6, pointing: { value: 1, low: 1, high: 1 }, overlap: { value: 1 } })
    expect(row.energy.value).toBeCloseTo(6 / areas.reduce((sum, area) => sum + area, 0), 10)
  })

  it('are ahead of a bell at the center and of random maps, which hold about as much as the lesions’ area', () => {
    expect([center.map, random.map]).toEqual(['center', 'random'])
    for (const baseline of [center, random]) {
      expect(baseline.overlap.value).toBeLessThan(0.3)
      expect(baseline.pointing.value).toBeLessThan(0.5)
    }
    expect(Math.abs(random.energy.value - 1)).toBeLessThan(0.25)
  })
})

test('a map of the rest of the image scores 0, and so does a map without a number above 0', async () => {
  const rest: Draw = lesion => Float32Array.from(lesion, inside => 1 - inside)
  const negative: Draw = lesion => new Float32Array(lesion.length).fill(-1)
  for (const draw of [rest, negative]) {
    const [row] = await score(draw)
    expect([row.pointing.value, row.energy.value, row.overlap.value]).toEqual([0, 0, 0])
  }
})

test('an even map holds as much as the lesions’ area, and points at them as often', async () => {
  const [row] = await score(lesion => new Float32Array(lesion.length).fill(3))
  const areas = await Promise.all(tested.indices.map(async (_, i) => areaOf(await lesionMask(tested, i, size))))
  expect(row.energy.value).toBeCloseTo(1, 10)
  expect(row.pointing.value).toBeCloseTo(areas.reduce((sum, area) => sum + area, 0) / 6, 10)
})

test('the threshold is the best one of the validation maps, whatever would be best for the others', async () => {
  const halo = (inside: number, outside: number): Draw => lesion =>
    Float32Array.from(lesion, one => (one ? inside : outside))
  const chosen = await mapsOf(validation, halo(1, 0.6))
  const [{ threshold, overlap }] = await scoreMaps(await mapsOf(tested, halo(1, 0.8)), { validation: chosen })
  expect(threshold).toBeCloseTo(0.65, 10)
  expect(overlap.value).toBeLessThan(0.5)
})

test('images without lesions do not count, nor images whose class is not the explained one', async () => {
  const maps = await mapsOf(tested, lesion => Float32Array.from(lesion))
  const chosen = await mapsOf(validation, lesion => Float32Array.from(lesion))
  const classes = maps.classes.map((label, i) => (i < 2 ? 'non-COVID' : label))
  expect((await scoreMaps({ ...maps, classes }, { validation: chosen }))[0].images).toBe(4)
  const empty = { width: size, height: size, channels: 1 as const, data: new Uint8Array(size * size) }
  const clean: Dataset = { ...ct, mask: async () => empty }
  const [none] = await scoreMaps({ ...maps, part: { ...tested, dataset: clean } }, { validation: chosen })
  expect(none).toMatchObject({ images: 0, pointing: { value: NaN, low: NaN }, overlap: { value: NaN } })
})

describe('refused are', async () => {
  const maps = await mapsOf(tested, lesion => Float32Array.from(lesion))
  it.each<[string, Partial<HeatMaps>, string]>([
    ['maps of the same images', { part: { ...validation, indices: tested.indices } }, 'validation maps of other images'],
    ['maps by another method', { method: 'Grad-CAM', stage: 'conv3' }, 'by occlusion, received Grad-CAM at conv3'],
  ])('validation %s', async (_, more, message) => {
    const chosen = await mapsOf(validation, lesion => Float32Array.from(lesion))
    await expect(scoreMaps(maps, { validation: { ...chosen, ...more } })).rejects.toThrow(message)
  })

  it('data sets whose lesions are not known, though they have masks of the lungs', async () => {
    const real: Dataset = { ...ct, evidence: 'real' }
    const from = (part: Part): HeatMaps => ({ ...maps, part: { ...part, dataset: real } })
    await expect(scoreMaps(from(tested), { validation: from(validation) })).rejects.toThrow('expected a phantom')
    await expect(lesionMask(smallSplit().test, 0, size)).rejects.toThrow('expected a phantom')
  })
})

describe('one map and one lesion', () => {
  const lesion = Uint8Array.of(0, 1, 1, 0)

  it('point by their greatest number; equal ones share', () => {
    expect([[0, 1, 2, 0], [3, 1, 2, 0], [0, 2, 0, 2], [0, 0, 0, 0], [-1, -2, -1, -1]].map(map => pointsAt(map, lesion)))
      .toEqual([1, 0, 0.5, 0, 0])
  })

  it('hold the share of the sum above 0', () => {
    expect(energyInside([1, 2, 1, -9], lesion)).toBe(0.75)
    expect(energyInside([0, 0, -1, 0], lesion)).toBe(0)
  })

  it('overlap by intersection over union', () => {
    expect([0.5, 0.75].map(threshold => overlapAt([2, 4, 0, 1], lesion, threshold))).toEqual([1 / 3, 1 / 2])
  })
})

test('the baselines know nothing of the image: a bell, and other numbers for every image', () => {
  const { data } = centerMap(9)
  expect(data.indexOf(Math.max(...data))).toBe(40)
  expect(data[36]).toBeCloseTo(Math.exp(-8 * (0.5 / 9 - 0.5) ** 2), 6)
  expect(randomMap(16, 0, 1)).toEqual(randomMap(16, 0, 1))
  expect(randomMap(16, 0, 1)).not.toEqual(randomMap(16, 0, 2))
})

describe('the sanity check', async () => {
  const network = await resnet50({ classes: ct.labels, weights: 'none', width: 'quarter', size: 64 })
  const part = look.selectImages(ct, covid.slice(0, 4))

  it('destroys integrated gradients: they change as soon as the head is random', async () => {
    const rows = await checkSanity(network, model => integratedGradients(model, part, { label: 'COVID', steps: 2 }))
    expect(rows.map(({ from }) => from)).toEqual(['head', 'conv5', 'conv4', 'conv3', 'conv2', 'stem'])
    for (const { correlation, blank } of rows) {
      expect(blank).toBe(0)
      expect(correlation.value).toBeLessThan(0.3)
    }
  })

  it('finds a map that shows the image only', async () => {
    const edges = async (): Promise<HeatMaps> => ({
      method: 'occlusion', part, classes: part.indices.map(() => 'COVID'), probabilities: new Float32Array(4),
      maps: await Promise.all(part.indices.map(async i => {
        const { width, height, data } = await part.dataset.read(i)
        return { width, height, data: Float32Array.from(data) }
      })),
    })
    for (const { correlation } of await checkSanity(network, edges)) expect(correlation.value).toBeCloseTo(1, 5)
  })

  it('leaves out images whose first map has no place: any other map would pass beside it', async () => {
    let calls = 0
    const even = { width: 2, height: 1, data: Float32Array.of(0, 0) }, place = { ...even, data: Float32Array.of(0, 1) }
    const explain = async (): Promise<HeatMaps> => ({
      method: 'occlusion', part, classes: part.indices.map(() => 'COVID'), probabilities: new Float32Array(4),
      maps: calls++ ? [place, place, even, place] : [even, place, place, place],
    })
    const [row] = await checkSanity(network, explain)
    expect(row).toMatchObject({ images: 3, blank: 1 })
    expect(row.correlation.value).toBeCloseTo(2 / 3, 6)
  })

  it('refuses maps that explain another class each time', async () => {
    let calls = 0
    const changing = async (): Promise<HeatMaps> => ({
      method: 'occlusion', part, classes: part.indices.map(() => ct.labels[calls ? 1 : 0]), probabilities: new Float32Array(4),
      maps: part.indices.map(() => randomMap(8, 0, calls++)),
    })
    await expect(checkSanity(network, changing)).rejects.toThrow('explain the same class before and after')
  })

  it('ranks numbers, equal ones at the mean of their ranks', () => {
    expect([...rankMap({ width: 5, height: 1, data: Float32Array.of(3, -1, 3, 0, 3) }).data]).toEqual([4, 1, 4, 2, 4])
  })
})
