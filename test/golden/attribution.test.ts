/** Heat maps against PyTorch and captum in float64, on the same hashed weights. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import type { Part } from '../../src/lib/data/split/split'
import { gradCam, gradCamPlusPlus } from '../../src/lib/attribution/class-activation'
import type { HeatMaps } from '../../src/lib/attribution/heat-maps'
import { integratedGradients } from '../../src/lib/attribution/integrated-gradients'
import { occlusion } from '../../src/lib/attribution/occlusion'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { parameters, type Stage } from '../../src/lib/model/architecture'
import type { Model } from '../../src/lib/model/model'
import { temporaryFolder } from '../fixtures/temporary'
import golden from './attribution.json'
import { images, positions, tensor } from './hash'
import { relativeDifference } from './hashed-model'

const { size, count } = golden

beforeAll(() => { process.env.LAB_DATA_FOLDER = temporaryFolder()() })

function hashed(classes: number): Model {
  const architecture = describeResNet50({ size, width: 'quarter', classes })
  return {
    name: 'ResNet50', architecture, size, labels: ['a', 'b', 'c'].slice(0, classes), preprocessing: 'unit', start: 'hash',
    weights: new Map(parameters(architecture).map(({ name, shape }) => [name, tensor(name, shape)])),
    frozen: new Set(architecture.layers.filter(({ stage }) => stage === 'stem').map(({ name }) => name)),
  }
}

/** Grey images, [size, size] each, whose pixels are hashed. */
function partFor(model: Model): Part {
  const pixels = images('attributed', [count, size, size])
  const dataset: Dataset = {
    name: 'hashed', title: 'Hashed', labels: model.labels, grouping: 'none', modality: 'unknown', evidence: 'phantom',
    items: Array.from({ length: count }, (_, i) => ({ name: `${i}`, label: 0, group: null })), notice: '', licence: '', source: '',
    contentHash: `hashed ${size}`, nearDuplicates: [],
    read: async index => ({ width: size, height: size, channels: 1, data: Uint8Array.from(
      pixels.subarray(index * size * size, (index + 1) * size * size), value => Math.floor(value * 256)) }),
  }
  return { dataset, role: 'test', indices: dataset.items.map((_, i) => i) }
}

interface Shadow { norm: number; sum: number; values: number[] }

// PyTorch computed in float64, the network in float32. Measured: up to 9e-7. If the input of a ReLU is 0 within
// rounding, rounding decides whether a gradient passes: one such case, on another processor, changes a map by about
// 1e-3.
const tolerance = 2e-3
// Scores lose at least two digits where two of them are subtracted. Measured: up to 1e-5.
const occlusionTolerance = 1e-4

function expectMaps({ maps }: HeatMaps, shadows: readonly Shadow[], limit = tolerance): void {
  expect(maps).toHaveLength(shadows.length)
  maps.forEach(({ data }, i) => {
    const { norm, sum, values } = shadows[i]
    const at = positions('heat map', size * size, values.length)
    expect(relativeDifference(at.map(pixel => data[pixel]), values)).toBeLessThan(limit)
    expect(Math.abs(Math.hypot(...data) / norm - 1)).toBeLessThan(limit)
    const magnitude = data.reduce((total, value) => total + Math.abs(value), 0)
    expect(Math.abs(data.reduce((total, value) => total + value, 0) - sum) / magnitude).toBeLessThan(limit)
  })
}

describe.each([[2, golden.two], [3, golden.three]] as const)('of a network with %d classes', (classes, expected) => {
  const model = hashed(classes), part = partFor(model), label = model.labels[expected.explained]
  const methods = { 'Grad-CAM': gradCam, 'Grad-CAM++': gradCamPlusPlus }
  const cases = Object.entries(methods).flatMap(([method, explain]) =>
    Object.entries<Shadow[]>(expected[method as keyof typeof methods])
      .map(([stage, shadows]) => ({ method, explain, stage, shadows })))

  it.each(cases)('$method at $stage', async ({ explain, stage, shadows }) => {
    expectMaps(await explain(model, part, { label, stage: stage as Stage }), shadows)
  })

  it('the probabilities are those of the scores', async () => {
    const { probabilities } = await gradCam(model, part, { label })
    probabilities.forEach((probability, i) => {
      const scores = expected.scores.slice(i * classes, (i + 1) * classes)
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
      expect(probability).toBeCloseTo(Math.exp(scores[expected.explained]) / total, 5)
    })
  })
})

describe('of a network with 3 classes', () => {
  const model = hashed(3), part = partFor(model), label = model.labels[golden.three.explained]
  const { window, stride, steps, fill } = golden

  it('occlusion', async () => {
    const found = await occlusion(model, part, { label, window, stride, fill })
    expectMaps(found, golden.three.occlusion, occlusionTolerance)
  })

  it('integrated gradients', async () => {
    expectMaps(await integratedGradients(model, part, { label, steps, fill }), golden.three['integrated gradients'])
  })
})
