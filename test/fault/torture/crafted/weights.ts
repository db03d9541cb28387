/** Files of weights, models and checkpoints made to harm: right seals over wrong content, huge shapes, odd paths. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../../../../src/lib/system/project-root'
import { train } from '../../../../src/lib/training/train'
import {
  encodeTensors, readTensorFile, type TensorFile, type Values,
} from '../../../../src/lib/weights/formats/tensor-file'
import { readSafetensors } from '../../../../src/lib/weights/formats/safetensors'
import { readProjectWeights } from '../../../../src/lib/weights/project-weights'
import { openModel } from '../../../../src/lib/weights/saved/open-model'
import { sha256 } from '../../../../src/lib/system/hash'
import { smallModel, smallSplit } from '../../../fixtures/small-network'
import { oneFile, type Crafted } from './crafted'

/** A safetensors file of this header. @param length what the file says its header's length is */
function safetensors(header: unknown, data = Buffer.alloc(0), length?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header)), start = Buffer.alloc(8)
  start.writeBigUInt64LE(length ?? BigInt(text.length))
  return Buffer.concat([start, text, data])
}
const array = (shape: number[], from: number, to: number, dtype = 'F32') => ({ dtype, shape, data_offsets: [from, to] })
const tensors = (name: string, make: () => Buffer) => oneFile(`safetensors ${name}`, 'a.safetensors', make, readSafetensors)
const huge = 2 ** 31

const safetensorsFiles = [
  tensors('with a header of all bytes that there are', () => safetensors({}, Buffer.alloc(0), 2n ** 63n)),
  tensors('with huge sides', () => safetensors({ a: array([huge, huge], 0, 4) }, Buffer.alloc(4))),
  tensors('with huge sides and none', () => safetensors({ a: array([huge, huge, 0], 0, 4) }, Buffer.alloc(4))),
  tensors('with half a side', () => safetensors({ a: array([0.5, 2], 0, 4) }, Buffer.alloc(4))),
  tensors('with arrays that lie in one another', () => safetensors({ a: array([1], 0, 4), b: array([1], 2, 6) }, Buffer.alloc(6))),
  tensors('with arrays that lie on one another', () => safetensors({ a: array([1], 0, 4), b: array([1], 0, 4) }, Buffer.alloc(4))),
  tensors('with lists in lists', () => safetensors(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)),
  tensors('with a shape of 400,000 words', () => safetensors({ a: { ...array([], 0, 4), shape: Array.from({ length: 400_000 }, () => 'x') } })),
  tensors('with 100,000 notes that are no texts', () => safetensors({ __metadata__: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, i])) })),
  tensors('with 200,000 arrays of nothing', () => safetensors(Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`a${i}`, 0])))),
  tensors('of a type called constructor', () => safetensors({ a: array([1], 0, 4, 'constructor') }, Buffer.alloc(4))),
]

const weights = (name: string, content: () => Uint8Array, card: object = {}): Crafted => ({
  name: `weights ${name}`,
  write(folder) {
    mkdirSync(folder, { recursive: true })
    const bytes = content()
    writeFileSync(join(folder, 'w.tensors'), bytes)
    writeFileSync(join(folder, 'w.json'), JSON.stringify({
      name: 'w', description: '', recipe: { preprocessing: 'unit' }, result: {}, seconds: 1, machine: '', licence: '',
      parameters: 1, kernels: 'float16', sha256: sha256(bytes), ...card,
    }))
  },
  read: folder => readProjectWeights(join(folder, 'w.tensors')),
})
const one: Values = { shape: [1], values: Float32Array.of(1) }
const whole = () => encodeTensors({ meta: {}, tensors: new Map([['a', one]]) })
/** A file of tensors with another header, and the right seal. */
const withHeader = (header: unknown) => () => {
  const text = Buffer.from(JSON.stringify(header)), length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const body = Buffer.concat([length, text, Buffer.alloc(4)])
  return Buffer.concat([Buffer.from('LABTENS1'), Buffer.from(sha256(body), 'hex'), body])
}
const entry = (more: object) => ({ meta: {}, tensors: [{ name: 'a', shape: [1], type: 'float32', ...more }] })
const projectWeights = [
  weights('of a huge shape', withHeader(entry({ shape: [huge, huge] }))),
  weights('of 2^1023 numbers', withHeader(entry({ shape: Array.from({ length: 33 }, () => huge) }))),
  weights('of a negative side', withHeader(entry({ shape: [-1] }))),
  weights('of a type called toString', withHeader(entry({ type: 'toString' }))),
  weights('with an array twice', withHeader({ meta: {}, tensors: [entry({}).tensors[0], entry({}).tensors[0]] })),
  weights('with 300,000 entries of nothing', withHeader({ meta: {}, tensors: Array.from({ length: 300_000 }, () => ({})) })),
  weights('with a list for a header', withHeader([])),
  weights('whose card has an object for a word', whole, { recipe: { preprocessing: { centered: true } } }),
  weights('whose card has a list for a word', whole, { recipe: { preprocessing: ['centered'] } }),
  weights('whose card has a preprocessing called constructor', whole, { recipe: { preprocessing: 'constructor' } }),
  weights('whose card has a text for a number', whole, { parameters: '1' }),
  weights('whose card has 100,000 results that are texts', whole, { result: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [i, ''])) }),
]

/** A TensorFlow.js model that the first released version wrote, with another description. */
interface TfjsModel { weightsManifest: { paths: unknown; weights: unknown[] }[] }
const tfjs = (name: string, change: (model: TfjsModel) => void): Crafted => ({
  name: `a TensorFlow.js model ${name}`,
  write(folder) {
    cpSync(inProject('test', 'fixtures', 'released', '0.1.0', 'exported', 'tfjs'), folder, { recursive: true })
    const path = join(folder, 'model.json'), model = JSON.parse(readFileSync(path, 'utf8')) as TfjsModel
    change(model)
    writeFileSync(path, JSON.stringify(model))
  },
  read: openModel,
})
const tfjsModels = [
  ...['../../../etc/passwd', '/etc/passwd', 'http://127.0.0.1/a.bin', 'file:///etc/passwd', 'group1-shard1of1.bin/../a'].map(path =>
    tfjs(`whose numbers lie at ${path}`, model => { model.weightsManifest[0].paths = [path] })),
  tfjs('of 10,000 shards', model => {
    model.weightsManifest[0].paths = Array.from({ length: 10_000 }, (_, i) => `group1-shard${i}of1.bin`)
  }),
  tfjs('with 300,000 arrays of nothing', model => { model.weightsManifest[0].weights = Array.from({ length: 300_000 }, () => 0) }),
  tfjs('with an array of a gigabyte', model => {
    model.weightsManifest[0].weights = [{ name: 'a', shape: [2 ** 28], dtype: 'float32' }]
  }),
  tfjs('with an array called __proto__', model => { (model.weightsManifest[0].weights[0] as { name: string }).name = '__proto__' }),
]

const training = { epochs: 2, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7, keepBest: true } as const
const run = (folder: string) => train(smallModel(), smallSplit(), training, { checkpoint: { folder } })
let saved: Promise<TensorFile> | undefined

/** The checkpoint of a finished run, changed, and sealed again. */
const checkpoint = (
  name: string, change: (state: Record<string, unknown>, arrays: Map<string, Values>) => void,
): Crafted => ({
  name: `a checkpoint ${name}`,
  async write(folder) {
    const whole = join(folder, 'whole')
    saved ??= run(whole).then(() => readTensorFile(join(whole, 'checkpoint.tensors')))
    const { meta, tensors: arrays } = structuredClone(await saved), changed = new Map(arrays)
    change(meta.state as Record<string, unknown>, changed)
    writeFileSync(join(folder, 'checkpoint.tensors'), encodeTensors({ meta, tensors: changed }))
  },
  read: run,
})
const state = (name: string, values: object) => checkpoint(`with ${name}`, saved => void Object.assign(saved, values))
const bestOf = (arrays: Map<string, Values>) => [...arrays.keys()].find(name => name.startsWith('best:'))!
const checkpoints = [
  state('step −1', { step: -1 }), state('step 99', { step: 99 }), state('epoch −1', { epoch: -1 }), state('epoch 3', { epoch: 3 }),
  state('half a step', { step: 0.5 }), state('a step in words', { step: 'one' }), state('no history', { history: [] }),
  state('a history of nothing', { history: [null, null] }), state('the best epoch 7', { best: 7 }), state('no best epoch', { best: null }),
  state('sums in words', { sums: 'none' }), state('sums of other images', { sums: { loss: 1, correct: 1, images: 4 } }),
  state('a rate below 0', { rate: -1 }), state('a rate that is none', { rate: null }), state('100,000 epochs', { history: Array.from({ length: 100_000 }, () => 0) }),
  checkpoint('without an array', (_, arrays) => void arrays.delete([...arrays.keys()][0])),
  checkpoint('with an array of another shape', (_, arrays) => void arrays.set([...arrays.keys()][0], { shape: [2], values: new Float32Array(2) })),
  checkpoint('without an array of the best epoch', (_, arrays) => void arrays.delete(bestOf(arrays))),
  checkpoint('with a further array of the best epoch', (_, arrays) => void arrays.set('best:constructor', one)),
  checkpoint('with a shorter array of the best epoch', (_, arrays) => void arrays.set(bestOf(arrays), one)),
  checkpoint('with NaN in the best epoch', (_, arrays) => void arrays.get(bestOf(arrays))!.values.fill(NaN)),
]

export const craftedWeights: readonly Crafted[] =
  [...safetensorsFiles, ...projectWeights, ...tfjsModels, ...checkpoints]
