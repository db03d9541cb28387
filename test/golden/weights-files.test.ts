/**
 * Files that real Keras, h5py, PyTorch and safetensors write, full width: every number arrives, in its place. They are
 * written on the spot; for machines without these programs, saved-weights.test.ts has small ones.
 */
import { beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { recognize, recognizer } from '../../src/lib/inference/recognize'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { temporaryFolder } from '../fixtures/temporary'
import { tensor as hashed, uniform } from './hash'
import { askPython, kerasPython } from './python'

interface Answer { best: { number: number; probability: number }[]; files: string[] }

const folder = temporaryFolder()
const classes = ['a', 'b']
/** 256 pixels wide, of which 224 in the middle are looked at: no resizing. */
const data = Uint8Array.from(uniform('picture', 3 * 256 ** 2), u => 128 + 127 * u)
const picture = { width: 256, height: 256, channels: 3, data } as const
const seen = Array.from({ length: 3 * 224 ** 2 }, (_, i) => data[(16 + Math.floor(i / 672)) * 768 + 48 + i % 672])

const stages = new Map(parameters(describeResNet50({ classes: 2 })).filter(({ layer }) => layer !== 'predictions')
  .map(({ name, shape }) => [name, kerasPython ? hashed(name, shape) : new Float32Array(0)]))

/**
 * The largest share by which a number of the stages is off its hash; below 2⁻¹⁴, where halves lose digits, the share of
 * that. Convolutions' biases may be left out.
 */
function largestError(weights: ReadonlyMap<string, Float32Array>, biases: boolean): number {
  let most = 0
  for (const [name, expected] of stages) {
    if (!biases && name.endsWith('_conv/bias')) continue
    const values = weights.get(name)!
    for (let i = 0; i < expected.length; i++)
      most = Math.max(most, Math.abs(values[i] - expected[i]) / Math.max(Math.abs(expected[i]), 2 ** -14))
  }
  return most
}

describe.skipIf(!kerasPython)('weights of real programs (`npm run bench` installs them, LAB_ORACLE names a Python)', { timeout: 180_000 }, () => {
  let answer: Answer
  beforeAll(() => {
    answer = askPython('weights_files.py', { folder: folder(), pixels: seen }) as Answer
  }, 300_000)

  const there = (context: TestContext, file: string) => {
    if (!answer.files.includes(file)) context.skip('torch or safetensors is not installed there')
    return folder(file)
  }

  it.each(['top.h5', 'stages.h5', 'nested.h5'])('Keras, %s: to the bit', async file => {
    const { weights } = await resnet50({ classes, weights: 'imagenet', weightsFile: folder(file) })
    expect(largestError(weights, true)).toBe(0)
  })

  it('a network with its top recognises what Keras does', async () => {
    const model = await recognizer({ weightsFile: folder('top.h5') })
    const found = await recognize(model, picture)
    expect(found.map(({ name }) => name)).toEqual(answer.best.map(({ number }) => model.labels[number]))
    // A probability is off by the share that its score is off by in absolute terms: both compute in float32, scores are
    // some tens. Measured 1.2e-4.
    for (const [i, { probability }] of found.entries())
      expect(Math.abs(probability / answer.best[i].probability - 1)).toBeLessThan(1e-3)
  })

  // Rounded to 11 and 8 significant bits.
  const types = [{ kind: 'float32', error: 0 }, { kind: 'float16', error: 2 ** -11 }, { kind: 'bfloat16', error: 2 ** -8 }]
  it.for(types)('safetensors in $kind', async ({ kind, error }, context) => {
    const path = there(context, `${kind}.safetensors`)
    const { weights } = await resnet50({ classes, weights: 'imagenet-torchvision', weightsFile: path })
    expect(largestError(weights, false)).toBeLessThanOrEqual(error)
    expect(weights.get('conv1_conv/bias')!.every(value => value === 0)).toBe(true)
  })

  it.for([
    { file: 'pickle.pth', weights: 'imagenet-torchvision', reason: /a pickle, which can run any program/ },
    { file: 'archive.keras', weights: 'imagenet', reason: /a zip archive.*model\.save\('model\.h5'\)/ },
    { file: 'numbered.weights.h5', weights: 'imagenet', reason: /which numbers layers instead of naming them/ },
  ] as const)('$file is refused with the reason', async ({ file, weights, reason }, context) => {
    await expect(resnet50({ classes, weights, weightsFile: there(context, file) })).rejects.toThrow(reason)
  })
})
