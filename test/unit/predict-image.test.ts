/** New images are read as in training: files, folders and zips; what cannot be read is listed and stops nothing. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { withFit } from '../../src/lib/data/fit'
import { openFolder } from '../../src/lib/data/folder'
import type { Part, Split } from '../../src/lib/data/split/split'
import { predictedImages } from '../../src/lib/display/figures/predicted-images'
import { imageTable, predictionTable, writePredictions } from '../../src/lib/display/prediction-tables'
import { toCsv } from '../../src/lib/display/tables'
import { tensorCount } from '../../src/lib/engine/engine'
import { calledClass, describeCallRule } from '../../src/lib/evaluation/call'
import { encodePng } from '../../src/lib/images/image-file'
import { predict } from '../../src/lib/inference/predict'
import { predictImage, type PredictedImages } from '../../src/lib/inference/predict-image'
import type { Model } from '../../src/lib/model/model'
import { parseCsv } from '../../src/lib/system/csv'
import { stream } from '../../src/lib/system/random'
import { saveModel } from '../../src/lib/training/saved/save-model'
import { train } from '../../src/lib/training/train'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { deepPng } from '../fixtures/png'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'

const folder = temporaryFolder()
process.env.LAB_DATA_FOLDER = folder('data')

let model: Model, dataset: Dataset, all: Part

/** An image of noise, wider than high, grey or in color. */
async function noise(seed: number): Promise<Uint8Array> {
  const numbers = stream('new image', seed), channels = seed % 3 === 0 ? 3 : 1
  const data = Uint8Array.from({ length: 60 * 45 * channels }, () => numbers.integer(100 + 10 * (seed % 15)))
  return encodePng({ width: 60, height: 45, channels, data })
}

beforeAll(async () => {
  for (const [k, label] of ['COVID', 'other'].entries()) {
    mkdirSync(folder('set', label), { recursive: true })
    for (let i = 0; i < 35; i++) writeFileSync(folder('set', label, `${String(i).padStart(2, '0')}.png`), await noise(2 * i + k))
  }
  dataset = await openFolder(folder('set'))
  all = { dataset, role: 'test', indices: dataset.items.map((_, index) => index) }
  model = await resnet50({ classes: dataset.labels, weights: 'none', width: 'quarter', size: 32, seed: 4 })
}, 60_000)

describe('probabilities', () => {
  test('are those of predict, for a folder, a zip, a list and one file, and no tensor is left', async () => {
    const { probabilities, names } = await predict(model, all)
    const expected = (indices: readonly number[]) => indices.map(i => [...probabilities.subarray(2 * i, 2 * i + 2)])
    // In batches of another size the engine adds in another order.
    const expectClose = ({ images }: PredictedImages, indices: readonly number[]) => {
      const rows = expected(indices)
      expect(images).toHaveLength(rows.length)
      const differences = images.flatMap((one, i) => one.probabilities.map((value, k) => Math.abs(value - rows[i][k])))
      expect(Math.max(...differences)).toBeLessThan(1e-6)
    }
    const before = tensorCount()
    const fromFolder = await predictImage(model, folder('set'))
    expect(fromFolder.images.map(({ file }) => file)).toEqual(names.map(name => folder('set', name)))
    expectClose(fromFolder, all.indices)

    writeFileSync(folder('set.zip'), makeZip(names.map(name => ({ name, bytes: readFileSync(folder('set', name)), deflate: true }))))
    const fromZip = await predictImage(model, folder('set.zip'))
    expectClose(fromZip, all.indices)
    expect(fromZip.images.map(one => one.probabilities)).toEqual(fromFolder.images.map(one => one.probabilities))
    expect(fromZip.images[3].file).toBe(`${folder('set.zip')}/${names[3]}`)

    const chosen = [41, 0, 7]
    const fromList = await predictImage(model, chosen.map(i => folder('set', names[i])))
    expectClose(fromList, chosen)
    expectClose(await predictImage(model, folder('set', names[9])), [9])
    expect(tensorCount()).toBe(before)
  })

  test('of nearest training images: an image is most similar to itself', async () => {
    const near: Part = { ...all, role: 'train', indices: [3, 40, 8, 69].sort((a, b) => a - b) }
    const { images } = await predictImage(model, folder('set', dataset.items[40].name), { near, neighbors: 2 })
    expect(images[0].nearest).toHaveLength(2)
    expect(images[0].nearest[0]).toMatchObject({ name: dataset.items[40].name, label: 'other', index: 40 })
    expect(images[0].nearest[0].similarity).toBeCloseTo(1, 6)
    expect(images[0].nearest[1].similarity).toBeLessThanOrEqual(images[0].nearest[0].similarity)
    const figure = await predictedImages(await predictImage(model, folder('set'), { near, neighbors: 2 }), { near, images: 3 })
    expect(figure.alt).toMatch(/9 images: 00\.png, called (COVID|other), COVID \S+ %, other \S+ %; COVID\/\S+, COVID, similarity 0\.\d/)
  })
})

describe('images are read as in the training', () => {
  const bits = async (name: string, fit: 'squash' | 'pad') => {
    for (const [k, label] of ['high', 'low'].entries()) {
      mkdirSync(folder(name, label), { recursive: true })
      for (let i = 0; i < 6; i++) {
        const numbers = stream('twelve bits', 6 * k + i)
        const values = Uint16Array.from({ length: 40 * 30 }, () => numbers.integer(k ? 1500 : 4096))
        writeFileSync(folder(name, label, `${i}.png`), deepPng(values, 40))
      }
    }
    const set = withFit(await openFolder(folder(name)), fit)
    const part = (role: Part['role']): Part => ({ dataset: set, role, indices: set.items.map((_, index) => index) })
    const split: Split = {
      dataset: set, protocol: 'random', description: 'all', seed: 0, purged: [], warning: null,
      train: part('train'), validation: part('validation'), test: part('test'),
    }
    const fresh = await resnet50({ classes: set.labels, weights: 'none', width: 'quarter', size: 32 })
    const { model } = await train(fresh, split, { epochs: 1, batch: 6, optimizer: { name: 'adamw', rate: 1e-3 } })
    return { model, part: split.test, split }
  }

  test.each(['squash', 'pad'] as const)('twelve bits in 16-bit files, %s, saved and opened', async fit => {
    const { model, part, split } = await bits(`bits ${fit}`, fit)
    await saveModel(model, folder(`model ${fit}`), { split })
    const opened = await openModel(folder(`model ${fit}`))
    expect(opened).toMatchObject({ fit, window: { counts: { bits: 12 } } })
    const { probabilities } = await predict(model, part)
    expect((await predictImage(opened, folder(`bits ${fit}`))).images.flatMap(one => one.probabilities)).toEqual([...probabilities])
    // A single dark image is read by the window of the whole set.
    const { images: [alone] } = await predictImage(opened, folder(`bits ${fit}`, 'low', '3.png'))
    expect(Math.abs(alone.probabilities[0] - probabilities[18])).toBeLessThan(1e-6)
    if (fit === 'squash') return
    await expect(predict(opened, { ...part, dataset: await openFolder(folder('bits pad')) })).rejects.toThrow(/bad-argument.*withFit/)
    const squashed = { ...split, dataset: await openFolder(folder('bits pad')) }
    await expect(saveModel(model, folder('never'), { split: squashed })).rejects.toThrow(/bad-argument.*read as in the training/)
  })

  test('a model of 8-bit images refuses other values', async () => {
    await expect(predictImage(model, folder('bits pad', 'low', '3.png'))).rejects.toThrow(/bad-image.*3\.png.*no window/)
  })
})

describe('the call', () => {
  test.each([
    [[0.2, 0.8], { positive: null, threshold: null }, 'b'], [[0.2, 0.8], { positive: 'a', threshold: 0.2 }, 'a'],
    [[0.2, 0.8], { positive: 'a', threshold: 0.21 }, 'b'], [[0.9, 0.1], { positive: 'a', threshold: 0.95 }, 'b'],
    [[0.5, 0.5], { positive: 'a', threshold: null }, 'a'],
  ])('of %j with %j is %s', (probabilities, rule, expected) =>
    expect(calledClass(probabilities, ['a', 'b'], rule)).toBe(expected))

  test('of three classes below the threshold is the likeliest other class', () => {
    expect(calledClass([0.5, 0.2, 0.3], ['a', 'b', 'c'], { positive: 'a', threshold: 0.6 })).toBe('c')
  })

  test.each([
    [0.5170050859451294, '0.517'], [0.25, '0.25'], [0.00001234567, '0.00001235'], [0.9999967, '0.9999967'], [1, '1'], [0, '0'],
  ])('from %d on is said as %s', (threshold, said) => {
    expect(describeCallRule({ positive: 'a', threshold })).toBe(`Called a from a probability of ${said} on`)
  })

  test('goes by the saved positive class and threshold, unless the options say otherwise', async () => {
    await saveModel(model, folder('model'), { positive: 'other', threshold: 0.9999 })
    const opened = await openModel(folder('model'))
    const calls = async (options = {}) =>
      new Set((await predictImage(opened, folder('set'), options)).images.map(({ called }) => called))
    expect(await predictImage(opened, folder('set'))).toMatchObject({ positive: 'other', threshold: 0.9999 })
    expect(await calls()).toEqual(new Set(['COVID']))
    expect(await calls({ threshold: 0 })).toEqual(new Set(['other']))
    // The saved threshold is for the saved class.
    expect(await predictImage(opened, folder('set'), { positive: 'COVID' })).toMatchObject({ positive: 'COVID', threshold: null })
    expect(await predictImage(model, folder('set'))).toMatchObject({ positive: null, threshold: null })
  })

  test.each<[object, RegExp]>([
    [{ threshold: 0.5 }, /the positive class together with a threshold/], [{ positive: 'covid' }, /Nearest: 'COVID'/],
    [{ positive: 'COVID', threshold: 2 }, /threshold/], [{ treshold: 0.5 }, /threshold/], [{ neighbors: 0 }, /neighbors/],
  ])('%j is refused', async (options, message) =>
    expect(predictImage(model, folder('set'), options)).rejects.toThrow(message))
})

describe('files that cannot be read', () => {
  beforeAll(async () => {
    mkdirSync(folder('mixed', 'inner'), { recursive: true })
    const whole = Buffer.from(await noise(1))
    writeFileSync(folder('mixed', 'a good.png'), whole)
    writeFileSync(folder('mixed', 'inner', 'b good.PNG'), whole)
    writeFileSync(folder('mixed', 'cut.png'), whole.subarray(0, whole.length >> 1))
    writeFileSync(folder('mixed', 'empty.jpg'), '')
    writeFileSync(folder('mixed', 'notes.txt'), 'text')
    writeFileSync(folder('mixed', '._a good.png'), 'what macOS leaves')
  })

  test('are listed by name and reason; the others are predicted', async () => {
    const gone = folder('gone.png')
    const predicted = await predictImage(model, [folder('mixed'), gone])
    expect(predicted.images.map(({ file }) => file)).toEqual([folder('mixed', 'a good.png'), folder('mixed', 'inner', 'b good.PNG')])
    expect(predicted.failed.map(({ file }) => file)).toEqual([folder('mixed', 'cut.png'), folder('mixed', 'empty.jpg'), gone])
    expect(predicted.failed.every(({ reason }) => reason.length > 0)).toBe(true)
    expect(predicted.ignored).toEqual([folder('mixed', 'notes.txt')])
    expect(imageTable(predicted).note).toMatch(/Not read: .*cut\.png \(.*1 other files/)
  })

  test('in a zip: a damaged entry stops nothing, a zip cut short is one file that cannot be read', async () => {
    const zip = makeZip([{ name: 'in/good.png', bytes: await noise(2) }, { name: 'in/bad.png', bytes: Buffer.from('no image') }])
    writeFileSync(folder('some.zip'), zip)
    writeFileSync(folder('cut.zip'), zip.subarray(0, 100))
    const predicted = await predictImage(model, [folder('some.zip'), folder('cut.zip')])
    expect(predicted.images.map(({ file }) => file)).toEqual([`${folder('some.zip')}/in/good.png`])
    expect(predicted.failed.map(({ file }) => file)).toEqual([`${folder('some.zip')}/in/bad.png`, folder('cut.zip')])
  })

  test('where nothing can be predicted there is an error', async () => {
    mkdirSync(folder('texts'))
    writeFileSync(folder('texts', 'a.txt'), 'text')
    await expect(predictImage(model, folder('gone'))).rejects.toThrow(/data-missing/)
    await expect(predictImage(model, folder('mixed', 'cut.png'))).rejects.toThrow(/bad-image.*cut\.png/)
    await expect(predictImage(model, folder('texts'))).rejects.toThrow(/data-missing.*1 other files, such as .*a\.txt/)
    await expect(predictImage(model, [])).rejects.toThrow(/data-missing/)
    await expect(predictImage(model, [folder('gone'), folder('mixed', 'cut.png')])).rejects.toThrow(/bad-image.*2 files that cannot[^]*cut\.png/)
    await expect(predictImage(model, folder('mixed', 'notes.txt'))).rejects.toThrow(/bad-image/)
  })

  test('a network whose numbers are not finite is refused', async () => {
    const weights = new Map(model.weights).set('predictions/bias', Float32Array.of(NaN, NaN))
    await expect(predictImage({ ...model, weights }, folder('mixed'))).rejects.toThrow(/bad-argument.*predictions\/bias/)
  })
})

describe('tables and CSV', () => {
  test('of new images hold the file, every probability in full, the call and the rule', async () => {
    const predicted = await predictImage(model, folder('set', 'COVID'), { positive: 'COVID', threshold: 0.5 })
    const [head, ...rows] = parseCsv(toCsv(imageTable(predicted)))
    expect(head).toEqual(['file', 'probability of COVID', 'probability of other', 'called', 'positive', 'threshold'])
    predicted.images.forEach(({ file, probabilities: [a, b], called }, i) =>
      expect(rows[i]).toEqual([file, String(a), String(b), called, 'COVID', '0.5']))
  })

  test('of a part are written, and written again; another file stays', async () => {
    const predictions = await predict(model, all)
    const path = folder('out', 'part.csv')
    for (const _ of [1, 2]) await writePredictions(predictions, path, { positive: 'other', threshold: 0.5 })
    const [head, ...rows] = parseCsv(readFileSync(path, 'utf8'))
    expect(head).toEqual(['image', 'group', 'class', 'probability of COVID', 'probability of other', 'called'])
    expect(rows).toHaveLength(70)
    expect(rows[69].slice(0, 3)).toEqual(['other/34.png', '', 'other'])
    expect(Float32Array.from(rows.flatMap(row => [Number(row[3]), Number(row[4])]))).toEqual(predictions.probabilities)
    writeFileSync(folder('labels.csv'), 'file,label\na.png,COVID\n')
    await expect(writePredictions(predictions, folder('labels.csv'))).rejects.toThrow(/bad-argument.*earlier predictions/)
    await expect(writePredictions(predictions, folder('out'))).rejects.toThrow(/bad-argument/)
    await expect(writePredictions(predictions, '/predictions.csv')).rejects.toThrow(/outside-folder/)
    expect(readFileSync(folder('labels.csv'), 'utf8')).toBe('file,label\na.png,COVID\n')
    expect(() => predictionTable(predictions, { threshold: 0.5 })).toThrow(/positive class/)
  })
})
