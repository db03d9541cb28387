/** Heat maps: what holds for every method, on a network of a few layers. */
import { describe, expect, it, test } from 'vitest'
import {
  freeze, gradCam, gradCamPlusPlus, look, unfreeze, type HeatMaps, type Model,
} from '../../src/lib/index'
import { integratedGradients } from '../../src/lib/attribution/integrated-gradients'
import { occlusion } from '../../src/lib/attribution/occlusion'
import { read, release, tensor, tensorCount } from '../../src/lib/engine/engine'
import { enlargeMap } from '../../src/lib/images/enlarge'
import { withHeat } from '../../src/lib/images/heat-overlay'
import { predict } from '../../src/lib/inference/predict'
import { Network } from '../../src/lib/network/network'
import { hashedNetwork, largestDifference } from '../fixtures/hashed-network'
import { datasetOf } from '../fixtures/datasets'
import { smallModel, smallSplit } from '../fixtures/small-model'

const model = smallModel({ dropout: 0.5 }), { test: part } = smallSplit()
const stage = 'conv2' as const

/** Every method, as quick as it can be. */
const methods: Record<string, (model: Model, options?: object) => Promise<HeatMaps>> = {
  'Grad-CAM': (network, options) => gradCam(network, part, { stage, ...options }),
  'Grad-CAM++': (network, options) => gradCamPlusPlus(network, part, { stage, ...options }),
  occlusion: (network, options) => occlusion(network, part, { window: 8, ...options }),
  'integrated gradients': (network, options) => integratedGradients(network, part, { steps: 4, ...options }),
}
const numbersOf = ({ maps }: HeatMaps) => maps.map(({ data }) => [...data])

describe.each(Object.entries(methods))('%s', (method, explain) => {
  it('gives one map of the model’s size for each image, with the class that it explains', async () => {
    const found = await explain(model, { label: 'dark' })
    expect(found).toMatchObject({ method, part, classes: part.indices.map(() => 'dark') })
    for (const { width, height, data } of found.maps) expect([width, height, data.length]).toEqual([16, 16, 256])
    expect(found.maps).toHaveLength(part.indices.length)
    expect(numbersOf(found).flat().some(value => value !== 0)).toBe(true)
  })

  it('explains the likeliest class unless one is named', async () => {
    const { probabilities } = await predict(model, part)
    const found = await explain(model)
    const isBright = (i: number) => probabilities[2 * i] > probabilities[2 * i + 1]
    expect(found.classes).toEqual(part.indices.map((_, i) => (isBright(i) ? 'bright' : 'dark')))
    found.probabilities.forEach((probability, i) =>
      expect(probability).toBeCloseTo(Math.max(probabilities[2 * i], probabilities[2 * i + 1]), 5))
  })

  it('gives the same maps whatever is frozen: it explains the network as it predicts', async () => {
    const frozen = freeze(model, { through: 'conv2' })
    expect(numbersOf(await explain(frozen))).toEqual(numbersOf(await explain(unfreeze(frozen))))
  })

  it('gives the same maps in batches of another size', async () => {
    const whole = numbersOf(await explain(model)).flat(), single = numbersOf(await explain(model, { batch: 1 })).flat()
    expect(largestDifference(whole, single)).toBeLessThan(1e-5 * Math.max(...whole.map(Math.abs)))
  })

  it('leaves no tensor behind', async () => {
    await explain(model)
    const before = tensorCount()
    await explain(model)
    expect(tensorCount()).toBe(before)
  })

  it('tells how far it is, and stops when asked to', async () => {
    const seen: [number, number][] = [], abort = new AbortController()
    const onProgress = (done: number, count: number) => {
      seen.push([done, count])
      abort.abort(new Error('enough'))
    }
    await expect(explain(model, { batch: 4, onProgress, signal: abort.signal })).rejects.toThrow('enough')
    // Occlusion takes one image at a time.
    expect(seen).toEqual([[method === 'occlusion' ? 1 : 4, 8]])
  })

  it('stops between two passes of one batch, and leaves no tensor behind then', async () => {
    const before = tensorCount()
    const stopped = AbortSignal.abort(new Error('at once'))
    await expect(explain(model, { signal: stopped })).rejects.toThrow('at once')
    expect(tensorCount()).toBe(before)
  })

  it('refuses a class that the model does not have, another data set, and a broken network', async () => {
    await expect(explain(model, { label: 'drak' })).rejects.toThrow("Nearest: 'dark'")
    await expect(explain({ ...model, labels: ['dark', 'bright'] })).rejects.toThrow("a data set with the model's classes")
    await expect(explain(model, { batch: 0 })).rejects.toThrow('batch to be a whole number from 1')
    const broken = new Map(model.weights).set('first_conv/bias', new Float32Array(4).fill(NaN))
    await expect(explain({ ...model, weights: broken })).rejects.toThrow('other numbers in first_conv/bias')
  })
})

describe('the stage', () => {
  it('is conv3 by default, where an image of 64 pixels has a map of 8 × 8', async () => {
    const network = { ...hashedNetwork({ width: 'quarter', size: 64 }), labels: ['bright', 'dark', 'other'] }
    const three = { ...part.dataset, labels: network.labels }
    const { maps, stage } = await gradCam(network, { ...part, dataset: three, indices: [0] })
    expect(stage).toBe('conv3')
    // Between the centers of 8 × 8 places a map of 64 pixels is linear: its second differences vanish elsewhere.
    const row = [...maps[0].data.subarray(0, 64)]
    const bends = row.flatMap((value, x) =>
      (x > 0 && x < 63 && Math.abs(row[x - 1] - 2 * value + row[x + 1]) > 1e-4 * Math.max(...row) ? [x] : []))
    expect(bends.length).toBeGreaterThan(0)
    expect(bends.filter(x => ![3, 4].includes(x % 8))).toEqual([])
  })

  it('has to be one of the model’s, and no head', async () => {
    await expect(gradCam(model, part)).rejects.toThrow("stage to be 'stem' or 'conv2', received 'conv3'")
    await expect(gradCam(model, part, { stage: 'head' })).rejects.toThrow("stage to be 'stem' or 'conv2'")
  })
})

/** The scores of grey images, through the network alone. */
function scoresOf(network: Model, images: Float32Array[]): Float32Array[] {
  const inside = new Network(network, 'infer')
  const numbers = images.flatMap(image => [...image].flatMap(grey => new Array<number>(3).fill(grey / 255)))
  const input = tensor(Float32Array.from(numbers), [images.length, network.size, network.size, 3])
  const output = inside.infer(input), scores = read(output), classes = network.labels.length
  release(input, output)
  inside.close()
  return images.map((_, i) => scores.subarray(i * classes, (i + 1) * classes))
}

const pixelsOf = async () =>
  Promise.all(part.indices.map(async index => Float32Array.from((await part.dataset.read(index)).data)))

describe('integrated gradients', () => {
  it.each(['linear', 'reference'] as const)('add up to the change of the score, also through the %s head', async head => {
    const network = { ...hashedNetwork({ width: 'quarter', size: 32, head }), labels: ['bright', 'dark', 'other'] }
    const three = { ...part, dataset: { ...part.dataset, labels: network.labels }, indices: [0] }
    const { maps } = await integratedGradients(network, three, { label: 'other', steps: 12, fill: 90 })
    const size = 32, area = size * size
    const images = await Promise.all(three.indices.map(async index => enlarged(await three.dataset.read(index))))
    const [even, ...scores] = scoresOf(network, [new Float32Array(area).fill(90), ...images])
    maps.forEach(({ data }, i) => {
      const change = scores[i][2] - even[2], sum = data.reduce((total, value) => total + value, 0)
      expect(Math.abs(sum - change)).toBeLessThan(0.02 * data.reduce((total, value) => total + Math.abs(value), 0))
    })
    function enlarged({ data }: { data: Uint8Array }): Float32Array {
      return Float32Array.from({ length: area }, (_, i) => data[(i / size >> 1) * 16 + (i % size >> 1)])
    }
  })

  it('give 0 to pixels of the even image’s grey level', async () => {
    const fill = (await pixelsOf())[0][5]
    const { maps } = await integratedGradients({ ...model, preprocessing: 'caffe' }, part, { fill, steps: 2 })
    const grey = (await pixelsOf())[0]
    expect([...maps[0].data].filter((_, i) => grey[i] === fill).every(value => value === 0)).toBe(true)
    expect([...maps[0].data].filter((_, i) => grey[i] !== fill).some(value => value !== 0)).toBe(true)
  })

  it('refuse half a step and a grey level beyond white', async () => {
    await expect(integratedGradients(model, part, { steps: 1.5 })).rejects.toThrow('steps to be a whole number from 1')
    await expect(integratedGradients(model, part, { fill: 256 })).rejects.toThrow('fill to be a number from 0 to 255')
  })
})

describe('occlusion', () => {
  it('by a square as large as the image is the fall of the score to that of an even image', async () => {
    const { maps } = await occlusion(model, part, { label: 'bright', window: 16, fill: 30 })
    const [even, ...scores] = scoresOf(model, [new Float32Array(256).fill(30), ...await pixelsOf()])
    maps.forEach(({ data }, i) => data.forEach(value => expect(value).toBeCloseTo(scores[i][0] - even[0], 4)))
  })

  it('covers every pixel, also where squares are cut off at the border', async () => {
    const { maps } = await occlusion(model, part, { window: 5, stride: 4 })
    expect(maps.every(({ data }) => data.every(Number.isFinite))).toBe(true)
  })

  it('refuses squares that leave gaps or do not fit', async () => {
    await expect(occlusion(model, part, { window: 17 })).rejects.toThrow('window to be a whole number from 1 to 16')
    await expect(occlusion(model, part, { window: 4, stride: 5 })).rejects.toThrow('stride to be a whole number from 1 to 4')
  })
})

describe('the colors over an image', () => {
  const image = { width: 3, height: 1, channels: 1 as const, data: Uint8Array.of(100, 100, 100) }
  const heat = (...data: number[]) => [...withHeat(image, { width: 3, height: 1, data: Float32Array.from(data) }).data]

  it('only darken the image where the map is 0, and differ for what speaks for and against', () => {
    const [r, g, b, ...rest] = heat(0, 2, -2)
    expect([r, g, b]).toEqual([65, 65, 65])
    expect(rest[0]).toBeGreaterThan(rest[2] + 50)
    expect(rest[5]).toBeGreaterThan(rest[3] + 50)
  })

  it('are none under a map of zeros', () => expect(heat(0, 0, 0)).toEqual(new Array(9).fill(65)))

  it('show a weak map beside a few extreme numbers', () => {
    const side = 20, data = new Float32Array(side * side).fill(1).fill(1000, 0, 3)
    const grey = { width: side, height: side, channels: 1 as const, data: new Uint8Array(side * side) }
    expect([...withHeat(grey, { width: side, height: side, data }).data.subarray(-3)]).toEqual([204, 194, 56])
  })

  it('are refused for a map of another size', () => {
    expect(() => withHeat(image, { width: 1, height: 1, data: new Float32Array(1) })).toThrow('shape [1, 3]')
  })
})

test('enlarging is linear between centers and constant beyond the outermost', () => {
  const { data } = enlargeMap({ width: 2, height: 1, data: Float32Array.of(0, 4) }, 4, 2)
  expect([...data]).toEqual([0, 1, 3, 4, 0, 1, 3, 4])
})

test('the mask of a chosen image is its own', async () => {
  const items = ['a', 'b', 'c'].map(name => ({ name, label: 0, group: null }))
  const mask = async (index: number) => ({ width: 1, height: 1, channels: 1 as const, data: Uint8Array.of(index) })
  const few = look.selectImages({ ...datasetOf(items), mask }, [2, 0]).dataset
  expect((await Promise.all([0, 1].map(index => few.mask!(index)))).map(({ data }) => data[0])).toEqual([2, 0])
})
