/** Exported files as real Keras and the safetensors package read them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { exportModel } from '../../src/lib/weights/export/export'
import { hashedNetwork, largestDifference, outputsOf, probabilitiesOf } from '../fixtures/hashed-network'
import { temporaryFolder } from '../fixtures/temporary'
import { askPython, kerasPython } from './python'

// Sums of at most 4,608 products, each rounded to 6e-8, in another order.
const tolerance = 1e-5

const folder = temporaryFolder()
const size = 64
const linear = hashedNetwork({ size, dropout: 0.4 })
const stagesOnly = {
  ...linear, architecture: { name: '', layers: linear.architecture.layers.filter(layer => layer.stage !== 'head') },
}

const files = [
  { name: 'the whole model', model: linear, format: 'keras', how: 'whole', last: 'predictions' },
  {
    name: 'the reference notebook\'s stem and head', format: 'keras', how: 'whole', last: 'predictions',
    model: hashedNetwork({ size, width: 'quarter', head: 'reference' }),
  },
  {
    name: 'half width, version 1.5, a frozen stem', format: 'keras', how: 'whole', last: 'predictions',
    model: { ...hashedNetwork({ size, width: 'half', variant: 'v1.5' }), frozen: new Set(['conv1_conv', 'conv1_bn']) },
  },
  { name: 'weights for keras.applications.ResNet50', model: linear, format: 'keras-weights', how: 'top', last: 'predictions' },
  { name: 'the same without its top', model: linear, format: 'keras-weights', how: 'stages', last: 'conv5_block3_out' },
] as const

interface Answer { keras: string; said: { values: number[]; last: string }[]; wrong: string[] | null }

describe.skipIf(!kerasPython)('real Keras (`npm run bench` installs it, LAB_ORACLE names a Python that has it)', () => {
  let answer: Answer
  beforeAll(async () => {
    const models = []
    for (const [i, { model, format, how }] of files.entries()) {
      const path = folder(`${i}.h5`)
      await exportModel(model, path, { format, head: how !== 'stages' })
      models.push({ path, how, size, classes: model.labels.length })
    }
    await exportModel(linear, folder('linear.safetensors'), { format: 'safetensors' })
    answer = askPython('export.py', { models, safetensors: folder('linear.safetensors') }) as Answer
  }, 300_000)

  it.each(files.map((file, i) => [file.name, file, i] as const))('%s: says the same', (_, { model, how, last }, i) => {
    const expected = how === 'stages' ? outputsOf(stagesOnly) : probabilitiesOf(model)
    const { values, last: lastLayer } = answer.said[i]
    expect(lastLayer).toBe(last)
    expect(largestDifference(values, expected) / Math.max(...expected)).toBeLessThan(tolerance)
  })

  it('safetensors: its own package reads every number', context => {
    if (answer.wrong === null) context.skip('the package safetensors is not installed there')
    expect(answer.wrong).toEqual([])
  })
})
