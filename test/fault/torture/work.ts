/**
 * One piece of work, carried out to its end, from wherever an earlier process was killed:
 * `node --import tsx test/fault/torture/work.ts KIND FOLDER`. Prints 'begun' when the work begins, and in the end a
 * hash of all that it gives.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { keepDataset } from '../../../src/lib/data/kept/keep'
import { openDataset } from '../../../src/lib/data/registry'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { download } from '../../../src/lib/system/download'
import { sha256 } from '../../../src/lib/system/hash'
import { removeLabels } from '../../../src/lib/training/contrastive/images'
import { trainContrastively } from '../../../src/lib/training/contrastive/contrastive'
import { saveModel } from '../../../src/lib/training/saved/save-model'
import { train } from '../../../src/lib/training/train'
import { evaluate } from '../../../src/lib/inference/evaluate'
import { exportModel } from '../../../src/lib/weights/export/export'
import { openModel } from '../../../src/lib/weights/saved/open-model'
import { smallModel, smallSplit } from '../../fixtures/small-network'

const split = smallSplit()
const config = { epochs: 6, batch: 4, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 } as const
const hashOf = ({ weights }: Model) =>
  sha256(Buffer.concat([...weights.values()].map(values => new Uint8Array(values.slice().buffer))))

/** Each kind of work. Half-done work of an earlier process lies in the folder. @returns a hash of the result */
const kinds: Record<string, (folder: string) => Promise<string>> = {
  supervised: async folder => hashOf((await train(smallModel(), split, config, {
    checkpoint: { folder: join(folder, 'run'), everySteps: 1 },
  })).model),
  contrastive: async folder => {
    const checkpoint = { folder: join(folder, 'run'), everySteps: 1 }
    const settings = { epochs: 6, batch: 8 }
    return hashOf((await trainContrastively(smallModel(), removeLabels(split), settings, { checkpoint })).model)
  },
  'frozen features': async folder => hashOf((await train(freeze(smallModel(), { through: 'conv2' }), split, config, {
    checkpoint: { folder: join(folder, 'run') },
  })).model),
  'a model saved again and again': async folder => {
    const model = smallModel(), path = join(folder, 'saved')
    const evaluation = await evaluate(model, split.test)
    for (let time = 0; time < 20; time++) await saveModel(model, path, { split, evaluation })
    return hashOf(await openModel(path))
  },
  'a model exported again and again': async folder => {
    const path = join(folder, 'exported')
    for (let time = 0; time < 20; time++) await exportModel(smallModel(), path, { format: 'tfjs' })
    return hashOf(await openModel(path))
  },
  'images imported': async folder => {
    const source = join(folder, 'source')
    for (const [k, name] of ['ill', 'well'].entries()) {
      mkdirSync(join(source, name), { recursive: true })
      for (let i = 0; i < 30; i++) writeFileSync(join(source, name, `${i}.png`), await pictureOf(k, i))
    }
    await keepDataset('made-up', source)
    const set = await openDataset('made-up')
    return sha256(set.contentHash + (await set.read(17)).data.join())
  },
  'a download': async folder => {
    const path = join(folder, 'file'), url = readFileSync(join(folder, '..', 'address'), 'utf8')
    await download(url, path, { limit: 2 ** 24 })
    return sha256(readFileSync(path))
  },
}

function pictureOf(label: number, index: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: 900 }, (_, i) => (i * (7 + index) + 100 * label) % 256)
  return sharp(data, { raw: { width: 30, height: 30, channels: 1 } }).png().toBuffer()
}

async function carryOut([kind, folder]: readonly string[]): Promise<void> {
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  mkdirSync(folder, { recursive: true })
  console.log('begun')
  console.log(await kinds[kind](folder))
}

void carryOut(process.argv.slice(2))
