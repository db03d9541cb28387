/** Whole files of every kind that the project reads from elsewhere, and how each is read. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { evaluate } from '../../../src/lib/inference/evaluate'
import { parseTable } from '../../../src/lib/data/tables/text-table'
import { readSetFile } from '../../../src/lib/data/kept/set-file'
import { readTransferRows, recordTransferRow } from '../../../src/lib/experiments/plans/pretraining/recorded'
import { readImageFile } from '../../../src/lib/images/image-file'
import { archiveFiles } from '../../../src/lib/system/archive'
import { train } from '../../../src/lib/training/train'
import { saveModel } from '../../../src/lib/training/saved/save-model'
import { exportModel } from '../../../src/lib/weights/export/export'
import { readProjectWeights, saveProjectWeights } from '../../../src/lib/weights/project-weights'
import { openModel } from '../../../src/lib/weights/saved/open-model'
import { dicom } from '../../fixtures/dicom'
import { deepPng } from '../../fixtures/png'
import { smallModel, smallSplit } from '../../fixtures/small-network'
import { tiff } from '../../fixtures/tiff'
import { makeZip } from '../../fixtures/zip'

/** A kind of file. */
export interface Sample {
  kind: string
  /** The folder that holds the file and what belongs to it; each damaged file gets a copy of its own. */
  folder: string
  /** The file that is damaged, within the folder. */
  file: string
  /** Reads the damaged file as the project does. @param folder the copy */
  read(folder: string): Promise<unknown>
}

const size = 24
const values = Uint16Array.from({ length: size * size }, (_, i) => (i * 37) % 4096)
const grey = Buffer.from(values.map(value => value >> 4))
/** For files of more than 8 bits, whatever their numbers mean. */
const sides = { center: 2048, width: 4096 }, window = { counts: sides, ct: sides, radiographs: sides, numbers: sides }
const training = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 } as const

/** Makes a whole file of each kind. @param folder an empty folder in the temporary folder */
export async function makeSamples(folder: string): Promise<Sample[]> {
  const samples: Sample[] = []
  const add = (kind: string, file: string, bytes: Uint8Array | null, read: Sample['read']) => {
    const own = join(folder, kind)
    mkdirSync(own, { recursive: true })
    if (bytes) writeFileSync(join(own, file), bytes)
    samples.push({ kind, folder: own, file, read })
  }
  const addImage = (kind: string, file: string, bytes: Uint8Array) =>
    add(kind, file, bytes, copy => readImageFile(join(copy, file), 1, window))
  const image = sharp(grey, { raw: { width: size, height: size, channels: 1 } })

  const model = smallModel(), split = smallSplit()
  const readCheckpoint = (copy: string) => train(smallModel(), split, training, { checkpoint: { folder: copy } })
  await readCheckpoint(join(folder, 'checkpoint'))
  add('checkpoint', 'checkpoint.tensors', null, readCheckpoint)

  const card = {
    name: 'resnet50-small', description: 'Made up.', recipe: { preprocessing: model.preprocessing }, result: { accuracy: 1 },
    seconds: 1, machine: 'none', licence: 'none',
  }
  const arrays = new Map([['a/kernel', { shape: [3, 3, 1, 2], values: new Float32Array(18).fill(0.5) }],
    ['a/bias', { shape: [2], values: Float32Array.of(1, 2) }]])
  await saveProjectWeights(card, arrays, join(folder, 'own weights'))
  add('own weights', 'resnet50-small.tensors', null, copy => readProjectWeights(join(copy, 'resnet50-small.tensors')))
  await saveProjectWeights(card, arrays, join(folder, 'card'))
  add('card', 'resnet50-small.json', null, copy => readProjectWeights(join(copy, 'resnet50-small.tensors')))

  await saveModel(model, join(folder, 'model', 'small'), { split, evaluation: await evaluate(model, split.test) })
  add('model', join('small', 'model.safetensors'), null, copy => openModel(join(copy, 'small')))
  mkdirSync(join(folder, 'Keras'), { recursive: true })
  await exportModel(model, join(folder, 'Keras', 'small.h5'), { format: 'keras' })
  add('Keras', 'small.h5', null, copy => openModel(join(copy, 'small.h5')))
  await exportModel(model, join(folder, 'TensorFlow.js', 'small'), { format: 'tfjs' })
  add('TensorFlow.js', join('small', 'model.json'), null, copy => openModel(join(copy, 'small')))

  addImage('PNG', 'a.png', await image.clone().png().toBuffer())
  addImage('PNG, 16 bits', 'a.png', deepPng(values, size))
  addImage('JPEG', 'a.jpg', await image.clone().jpeg().toBuffer())
  addImage('WebP', 'a.webp', await image.clone().webp().toBuffer())
  addImage('TIFF', 'a.tif', tiff(values, size))
  addImage('TIFF, packed', 'a.tif', await image.clone().tiff({ compression: 'lzw' }).toBuffer())
  addImage('DICOM', 'a.dcm', dicom(values, { rows: size }))

  const zip = makeZip(['a/1.png', 'b/2.png'].map(name => ({ name, bytes: grey, deflate: true })))
  add('zip', 'set.zip', zip, async copy => {
    let bytes = 0
    for await (const file of archiveFiles(join(copy, 'set.zip'))) bytes += (await file.read()).length
    return bytes
  })
  const table = ['name,group,class', ...Array.from({ length: 40 }, (_, i) => `"image ${i}.png",patient ${i % 7},${i % 2}`)].join('\n')
  add('table', 'groups.csv', Buffer.from(table), async copy => parseTable(readFileSync(join(copy, 'groups.csv')), 'groups.csv'))
  for (let seed = 0; seed < 5; seed++)
    await recordTransferRow({
      task: 'plain', classes: 4, images: 8, steps: 10, bits: 16, width: 'half', minutes: 1, heldOutAccuracy: 0.5,
      split: 'random', validationAccuracy: 0.75, validationLoss: 0.5, seed,
    }, join(folder, 'records', 'rows.csv'))
  add('records', 'rows.csv', null, copy => readTransferRows(join(copy, 'rows.csv')))

  const set = {
    version: 1, name: 'made-up', title: 'Made up', source: 'this test', layout: 'folders', modality: 'CT', labels: ['a', 'b'],
    grouping: 'none', skipped: [], notes: [],
    items: [0, 1].map(label => ({ name: `${label}.png`, label, group: null, sha256: '0'.repeat(64), bytes: 1 })),
  }
  mkdirSync(join(folder, 'set', 'made-up'), { recursive: true })
  add('set', join('made-up', 'set.json'), Buffer.from(JSON.stringify(set)), copy => {
    process.env.LAB_DATA_FOLDER = copy
    return readSetFile('made-up')
  })
  return samples
}

/** Copies a sample's folder and damages the copy's file. @returns the copy */
export function damage({ folder, file }: Sample, to: string, change: (bytes: Buffer) => Uint8Array): string {
  cpSync(folder, to, { recursive: true })
  writeFileSync(join(to, file), change(readFileSync(join(folder, file))))
  return to
}
