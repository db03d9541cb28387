/**
 * One piece of work, carried out to its end, from wherever an earlier process was killed: `node work.cjs KIND FOLDER`,
 * as `bundle` makes it. Prints 'begun' when the work begins, and in the end a hash of all that it gives.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keepDataset } from '../../../src/lib/data/kept/keep'
import { openDataset } from '../../../src/lib/data/registry'
import { writePredictions } from '../../../src/lib/display/prediction-tables'
import { evaluate } from '../../../src/lib/inference/evaluate'
import { predict } from '../../../src/lib/inference/predict'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { download } from '../../../src/lib/system/download'
import { sha256 } from '../../../src/lib/system/hash'
import { removeLabels } from '../../../src/lib/training/contrastive/images'
import { trainContrastively } from '../../../src/lib/training/contrastive/contrastive'
import { saveModel } from '../../../src/lib/training/saved/save-model'
import { train } from '../../../src/lib/training/train'
import { exportModel, type ExportFormat } from '../../../src/lib/weights/export/export'
import { openModel } from '../../../src/lib/weights/saved/open-model'
import { smallDataset, smallModel, smallSplit } from '../../fixtures/small-network'
import { pictures } from './pictures'
import { planOfTwoWorkers, zipByCommand } from './work-with-processes'
import type { Work } from './works'

const split = smallSplit()
const config = { epochs: 4, batch: 4, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 } as const
const hashOf = ({ weights }: Model) =>
  sha256(Buffer.concat([...weights.values()].map(values => new Uint8Array(values.slice().buffer))))

/** Each kind of work. Half-done work of an earlier process lies in the folder. @returns a hash of the result */
const kinds: Record<Work, (folder: string) => Promise<string>> = {
  supervised: async folder => hashOf((await train(smallModel(), split, config, {
    checkpoint: { folder: join(folder, 'run'), everySteps: 1 },
  })).model),
  contrastive: async folder => {
    const checkpoint = { folder: join(folder, 'run'), everySteps: 1 }
    const settings = { epochs: 4, batch: 8 }
    return hashOf((await trainContrastively(smallModel(), removeLabels(split), settings, { checkpoint })).model)
  },
  // So many images that the file of their features is being written for most of the time.
  'frozen features': async folder => {
    const model = freeze(smallModel(), { through: 'conv2' }), images = smallSplit(smallDataset(500))
    const short = { ...config, epochs: 1, batch: 100 }
    return hashOf((await train(model, images, short, { checkpoint: { folder: join(folder, 'run') } })).model)
  },
  'a model saved again and again': async folder => {
    const model = smallModel({ times: 16 }), path = join(folder, 'saved')
    const evaluation = await evaluate(model, split.test)
    const save = () => saveModel(model, path, { split, evaluation })
    return tenTimes(path, save, async () => hashOf(await openModel(path)))
  },
  'a model exported for TensorFlow.js': folder => exportedAs('tfjs', join(folder, 'exported')),
  'a model exported for Keras': folder => exportedAs('keras', join(folder, 'exported.h5')),
  'a model exported as safetensors': folder => exportedAs('safetensors', join(folder, 'exported.safetensors')),
  'predictions written again and again': async folder => {
    const path = join(folder, 'predictions.csv'), predictions = await predict(smallModel(), split.test)
    return tenTimes(path, () => writePredictions(predictions, path), async () => sha256(readFileSync(path)))
  },
  'images imported': async folder => {
    const source = join(folder, 'source')
    for (const { name, bytes } of await pictures()) {
      mkdirSync(dirname(join(source, name)), { recursive: true })
      writeFileSync(join(source, name), bytes)
    }
    await keepDataset('made-up', source)
    const set = await openDataset('made-up')
    return sha256(set.contentHash + (await set.read(17)).data.join())
  },
  'a zip imported by the command': zipByCommand,
  'a plan of two workers': planOfTwoWorkers,
  'a download': async folder => {
    const path = join(folder, 'file'), url = readFileSync(join(folder, '..', 'address'), 'utf8')
    await download(url, path, { limit: 2 ** 24 })
    return sha256(readFileSync(path))
  },
}

async function exportedAs(format: ExportFormat, path: string): Promise<string> {
  const model = smallModel({ times: 16 })
  return tenTimes(path, () => exportModel(model, path, { format }), async () => hashOf(await openModel(path)))
}

/**
 * Writes the same to a path ten times. Whatever an earlier, killed process has left there is read first, and must be
 * whole. Once it was written, it is there: set aside at the moment of the kill, it is found.
 * @returns what `read` finds
 */
async function tenTimes(path: string, write: () => Promise<unknown>, read: () => Promise<string>): Promise<string> {
  const mark = `${path} was written`
  const left = existsSync(mark) || existsSync(path) ? await read() : null
  for (let time = 0; time < 10; time++) {
    await write()
    writeFileSync(mark, '')
  }
  const found = await read()
  if (left !== null && left !== found) throw new Error('right after a kill, something else was there')
  return found
}

async function carryOut([kind, folder]: readonly string[]): Promise<void> {
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  mkdirSync(folder, { recursive: true })
  console.log('begun')
  console.log(await kinds[kind as Work](folder))
}

void carryOut(process.argv.slice(2))
