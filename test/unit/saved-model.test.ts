/** A saved model comes back to the bit, with all that was known about it; what is no model is refused in a sentence. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/lib/inference/evaluate'
import { predict } from '../../src/lib/inference/predict'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { saveModel, type SaveModelOptions } from '../../src/lib/training/saved/save-model'
import { train } from '../../src/lib/training/train'
import { exportModel, type ExportOptions } from '../../src/lib/weights/export/export'
import { readSafetensors } from '../../src/lib/weights/formats/safetensors'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { readCard } from '../../src/lib/weights/saved/read-card'
import { savedFacts } from '../../src/lib/weights/saved/saved-facts'
import { datasetOf } from '../fixtures/datasets'
import { hashedNetwork, probabilitiesOf } from '../fixtures/hashed-network'
import '../fixtures/one-thread'
import { expectSameModel } from '../fixtures/same-model'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
const labels = ['bright', 'dark']
const quarter = { width: 'quarter', size: 32, weights: 'none', seed: 3 } as const
const twoClasses = smallSplit()

/** A split of three classes. */
function threeClasses() {
  const items = Array.from({ length: 15 }, (_, i) => ({ name: `${i}.png`, label: i % 3, group: null }))
  return smallSplit(datasetOf(items, { labels: ['a', 'b', 'Grüße 肺'], grouping: 'none' }))
}

async function savedAndOpened(model: Model, name: string, options?: SaveModelOptions): Promise<Model> {
  await saveModel(model, folder(name), options)
  return openModel(folder(name))
}

describe('a model predicts to the bit as before', () => {
  test.each<[string, () => Promise<Model>]>([
    ['fresh', () => resnet50({ ...quarter, classes: labels })],
    ['with dropout', () => resnet50({ ...quarter, classes: labels, dropout: 0.3 })],
    ['frozen through conv4', async () => freeze(await resnet50({ ...quarter, classes: labels }), { through: 'conv4' })],
    ['frozen by layers', async () => freeze(await resnet50({ ...quarter, classes: labels }), { layers: ['conv1_bn', 'predictions'] })],
    ['with the reference head', () => resnet50({ ...quarter, classes: labels, head: 'reference' })],
  ])('%s', async (name, make) => {
    const model = await make()
    const opened = await savedAndOpened(model, name)
    expectSameModel(opened, model)
    expect(await predict(opened, twoClasses.test)).toEqual(await predict(model, twoClasses.test))
  })

  test('three classes', async () => {
    const split = threeClasses()
    const model = await resnet50({ ...quarter, classes: split.dataset.labels })
    const opened = await savedAndOpened(model, 'three', { split, evaluation: await evaluate(model, split.test) })
    expectSameModel(opened, model)
    expect(await predict(opened, split.test)).toEqual(await predict(model, split.test))
    expect(savedFacts(opened)).toMatchObject({ positive: null, threshold: null })
  })

  test.each([['version 1.5', { variant: 'v1.5' }], ['every kind of layer', null]] as const)('%s', async (name, options) => {
    const model = options ? hashedNetwork({ size: 32, width: 'quarter', ...options }) : smallModel({ dropout: 0.3 })
    const opened = await savedAndOpened(model, name)
    expectSameModel(opened, model)
    expect(probabilitiesOf(opened)).toEqual(probabilitiesOf(model))
  })

  test('fine-tuned; what was frozen stays frozen, and training goes on from the same bits', async () => {
    const start = freeze(await resnet50({ ...quarter, classes: labels }), { through: 'conv4' })
    const config = { epochs: 1, batch: 8, optimizer: { name: 'adamw', rate: 1e-3 }, seed: 5 } as const
    const tuned = await train(start, twoClasses, config)
    const evaluation = await evaluate(tuned.model, twoClasses.test, { positive: 'dark' })
    const opened = await savedAndOpened(tuned.model, 'tuned', { record: tuned, split: twoClasses, evaluation, threshold: 0.3 })
    expectSameModel(opened, tuned.model)
    expect(await predict(opened, twoClasses.test)).toEqual(evaluation.predictions)
    const [again, before] = [await train(opened, twoClasses, config), await train(tuned.model, twoClasses, config)]
    expectSameModel(again.model, before.model)
    expect(savedFacts(again.model)).toBeNull()
    expect(savedFacts(freeze(opened, { through: 'conv5' }))).toMatchObject({
      positive: 'dark', threshold: 0.3,
      training: { config, history: tuned.history, seed: 5, seconds: tuned.seconds, unchanged: true, stopped: 'finished' },
      data: { contentHash: twoClasses.dataset.contentHash, images: { bright: 20, dark: 20 }, evidence: 'phantom' },
      split: { train: { images: { bright: 12, dark: 12 }, groups: null } },
      evaluation: { part: 'test', images: 8, figures: { accuracy: evaluation.accuracy }, confusion: evaluation.confusion },
    })
  })
})

describe('exports open again, head included', () => {
  const models: Record<string, () => Model> = {
    'a small model with every kind of layer': () => freeze(smallModel({ dropout: 0.3 }), { layers: ['first_conv'] }),
    'quarter width': () => hashedNetwork({ size: 32, width: 'quarter' }),
    'the reference head': () => hashedNetwork({ size: 32, width: 'quarter', head: 'reference' }),
    'version 1.5': () => hashedNetwork({ size: 32, width: 'quarter', variant: 'v1.5' }),
  }
  const formats: [string, ExportOptions][] = [
    ['whole.h5', { format: 'keras' }], ['all.safetensors', { format: 'safetensors' }], ['browser', { format: 'tfjs' }],
  ]

  test.each(Object.entries(models))('%s, to the bit', async (_, make) => {
    const model = make()
    for (const [name, options] of formats) {
      await exportModel(model, folder(name), options)
      const opened = await openModel(folder(name))
      expectSameModel(opened, model)
      expect(savedFacts(opened)).toBeNull()
    }
  })

  test.each([
    ['half.safetensors', 'safetensors'], ['half', 'tfjs'],
  ] as const)('%s of float16 opens with rounded kernels', async (name, format) => {
    const model = smallModel()
    await exportModel(model, folder(name), { format, precision: 'float16' })
    const opened = await openModel(folder(name))
    // Half floats have eleven digits in the binary system; the smallest step is 6e-8.
    for (const [name, values] of model.weights)
      opened.weights.get(name)!.forEach((value, i) =>
        expect(Math.abs(value - values[i])).toBeLessThanOrEqual(Math.abs(values[i]) * 2 ** -11 + 6e-8))
  })

  test('an export without its head is refused', async () => {
    for (const [name, options] of formats) {
      await exportModel(smallModel(), folder(`headless-${name}`), { ...options, head: false })
      await expect(openModel(folder(`headless-${name}`))).rejects.toThrow(/bad-tensor-file.*without a head/)
    }
  })

  test('a file of another program is refused, and told what it is for', async () => {
    writeFileSync(folder('torch.safetensors'), safetensors({ 'conv1.weight': [1, 2] }, { format: 'pt' }))
    await expect(openModel(folder('torch.safetensors'))).rejects.toThrow(/bad-tensor-file.*saveModel or exportModel.*resnet50\(/)
  })

  test('options are refused for a file that describes its model', async () => {
    await expect(openModel(folder('all.safetensors'), { labels })).rejects.toThrow(/bad-argument.*received labels/)
  })
})

/** A safetensors file with float32 arrays of one axis. */
function safetensors(arrays: Record<string, number[]>, metadata: Record<string, string>): Buffer {
  let end = 0
  const entries = Object.entries(arrays).map(([name, { length }]) =>
    [name, { dtype: 'F32', shape: [length], data_offsets: [end, end += 4 * length] }])
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }))
  const start = Buffer.alloc(8)
  start.writeUInt32LE(header.length)
  return Buffer.concat([start, header, Buffer.from(Float32Array.from(Object.values(arrays).flat()).buffer)])
}

describe('the folder', () => {
  const model = smallModel()

  test('holds two files, and nothing lies beside it', async () => {
    await saveModel(model, folder('two', 'files'))
    expect(readdirSync(folder('two', 'files')).sort()).toEqual(['MODEL.md', 'model.safetensors'])
    expect(readdirSync(folder('two'))).toEqual(['files'])
    expectSameModel(await openModel(folder('two', 'files', 'model.safetensors')), model)
    const { tensors } = await readSafetensors(folder('two', 'files', 'model.safetensors'))
    expect(tensors.get('first_conv/kernel')!.shape).toEqual([3, 3, 3, 4])
  })

  test('of a saved model is replaced; an export never is', async () => {
    await saveModel(model, folder('again'))
    await saveModel({ ...model, labels: ['x', 'y'] }, folder('again'))
    expect((await openModel(folder('again'))).labels).toEqual(['x', 'y'])
    mkdirSync(folder('exported'))
    await exportModel(model, folder('exported', 'model.safetensors'), { format: 'safetensors' })
    await expect(saveModel(model, folder('exported'))).rejects.toThrow(/bad-argument.*of an export/)
    await exportModel(model, folder('tfjs'), { format: 'tfjs' })
    await expect(saveModel(model, folder('tfjs'))).rejects.toThrow(/bad-argument.*group1/)
  })

  test.each<[string, (path: string) => void, RegExp]>([
    ['a file more', path => writeFileSync(`${path}/thesis.txt`, 'years of work'), /thesis\.txt/],
    ['a changed card', path => writeFileSync(`${path}/MODEL.md`, 'my notes'), /a changed MODEL\.md/],
    ['another program’s file', path => writeFileSync(`${path}/model.safetensors`, 'years of work'), /damaged or of another program/],
  ])('with %s stays as it is', async (name, change, why) => {
    const path = folder(`with ${name}`)
    await saveModel(model, path)
    change(path)
    const before = readdirSync(path).map(file => readFileSync(`${path}/${file}`, 'hex'))
    await expect(saveModel(model, path)).rejects.toThrow(why)
    expect(readdirSync(path).map(file => readFileSync(`${path}/${file}`, 'hex'))).toEqual(before)
  })

  test('a file, a link and a path outside are refused', async () => {
    writeFileSync(folder('file'), 'text')
    symlinkSync(folder('again'), folder('link'))
    for (const name of ['file', 'link']) await expect(saveModel(model, folder(name))).rejects.toThrow(/bad-argument.*a file or a link/)
    await expect(saveModel(model, '/saved-model')).rejects.toThrow(/outside-folder/)
    expect(existsSync('/saved-model')).toBe(false)
  })
})

describe('the card', () => {
  test('names data, licence, hashes, split, figures with intervals, and says that it is no medical device', async () => {
    const model = smallModel()
    const evaluation = await evaluate(model, twoClasses.test, { positive: 'dark' })
    await saveModel(model, folder('card'), {
      split: twoClasses, evaluation, threshold: 0.25, about: 'To try things.',
      baselines: [{ baseline: 'majority class', accuracy: 0.5, low: 0.2, high: 0.8 }],
    })
    const card = readFileSync(folder('card', 'MODEL.md'), 'utf8')
    for (const text of [
      'not a medical device', 'To try things.', 'Made-up images', 'Licence: none', twoClasses.dataset.contentHash,
      savedFacts(await openModel(folder('card')))!.weights, 'On the test part, 8 images; positive: dark',
      'probability of dark of at least 0.25', '| majority class | 50.0 % | 20.0 % to 80.0 % |', 'drawn by code',
      `| accuracy | ${(100 * evaluation.accuracy.value).toFixed(1)} % |`, 'Not recorded: the training run',
    ]) expect(card).toContain(text)
  })

  test('is read in a notebook under smaller headings; a folder without one is refused', async () => {
    await saveModel(smallModel(), folder('read'))
    const card = readFileSync(folder('read', 'MODEL.md'), 'utf8')
    const { markdown } = await readCard(folder('read'))
    expect(markdown.match(/^#+ .*/gm)!.slice(0, 2)).toEqual(['### read', '#### How to use it'])
    expect(markdown.replace(/^##(?=#)/gm, '')).toBe(card)
    await expect(readCard(folder('nothing'))).rejects.toThrow(/data-missing/)
  })

  test('says what was not recorded, and shows any label as it is', async () => {
    await saveModel({ ...smallModel(), labels: ['a|b', '<b>*x*\n# y'] }, folder('odd'))
    const card = readFileSync(folder('odd', 'MODEL.md'), 'utf8')
    expect(card).toContain('a\\|b, \\<b\\>\\*x\\* \\# y')
    expect(card.match(/Not recorded/g)).toHaveLength(4)
  })

  test('says when the judged part is not the test part', async () => {
    const model = smallModel()
    for (const [part, words] of [['validation', 'which training looked at'], ['train', 'say nothing about new images']] as const) {
      await saveModel(model, folder('judged'), { split: twoClasses, evaluation: await evaluate(model, twoClasses[part]) })
      expect(readFileSync(folder('judged', 'MODEL.md'), 'utf8')).toContain(words)
    }
  })
})

describe('what does not fit is refused', () => {
  const model = smallModel()
  const other = threeClasses()
  test.each<[string, SaveModelOptions, RegExp]>([
    ['a misspelt option', { treshold: 0.5 } as SaveModelOptions, /received treshold.*threshold/],
    ['a positive class that is none', { positive: 'drak' }, /Nearest: 'dark'/],
    ['a threshold without a positive class', { threshold: 0.5 }, /a threshold alone/],
    ['a threshold above 1', { positive: 'dark', threshold: 50 }, /threshold to be a number from 0 to 1, received 50/],
    ['the split of other classes', { split: other }, /split with the model's classes/],
  ])('%s', async (_, options, message) => {
    await expect(saveModel(model, folder('never'), options)).rejects.toThrow(message)
    expect(existsSync(folder('never'))).toBe(false)
  })

  test('numbers that are not finite', async () => {
    const weights = new Map(model.weights).set('hidden/bias', new Float32Array(5).fill(NaN))
    await expect(saveModel({ ...model, weights }, folder('never'))).rejects.toThrow(/bad-argument.*hidden\/bias/)
  })

  test('a negative variance, in saving and in the files of others', async () => {
    const variance = model.weights.get('first_bn/moving_variance')!
    const weights = new Map(model.weights).set('first_bn/moving_variance', variance.map(value => -value))
    await expect(saveModel({ ...model, weights }, folder('never'))).rejects.toThrow(/bad-argument.*first_bn\/moving_variance/)
    await exportModel({ ...model, weights }, folder('negative.safetensors'), { format: 'safetensors' })
    await expect(openModel(folder('negative.safetensors'))).rejects.toThrow(/bad-tensor-file.*first_bn\/moving_variance with -/)
  })

  test('a path without a model', async () => {
    mkdirSync(folder('empty'))
    await expect(openModel(folder('nothing'))).rejects.toThrow(/data-missing/)
    await expect(openModel(folder('empty'))).rejects.toThrow(/data-missing.*neither model\.safetensors nor model\.json/)
    await expect(openModel('package.json')).rejects.toThrow(/bad-tensor-file/)
  })
})
