/** Files and folders that hold a whole model: which format each has, its description and its arrays. */
import { lstat, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../system/errors'
import { readable, readFileCapped } from '../../system/files'
import { parseJson } from '../../system/json'
import { readReplaced } from '../../system/read-replaced'
import { insideFolder } from '../../system/safe-path'
import { sizeOf } from '../../system/shape'
import { fromHalf } from '../formats/half-float'
import { readHdf5 } from '../formats/hdf5-thread'
import { badTensorFile, parseHeader, validated } from '../formats/header'
import { kerasArrays } from '../formats/keras-h5'
import { readSafetensors } from '../formats/safetensors'
import type { Values } from '../formats/tensor-file'
import { formatOf } from '../formats/weights-file'
import { listOf, recordOf } from '../../system/json-parts'

/** The file of weights and description in the folder that `saveModel` writes. */
export const savedFile = 'model.safetensors'
/** The model card in the folder that `saveModel` writes. */
export const cardFile = 'MODEL.md'
const tfjsFile = 'model.json'

/** What a file says about the model in it, and its arrays by Keras's names. */
export interface ModelFile {
  /** The file that was read. */
  path: string
  /** Null in a file of weights alone. */
  description: Record<string, unknown> | null
  arrays: ReadonlyMap<string, Values>
}

const longestFile = 1024 * 1024 * 1024
const longestDescription = 64 * 1024 * 1024

/**
 * Reads a model's file, or the one in a folder.
 * @throws LabError 'data-missing', 'too-large', 'bad-tensor-file'
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  return readReplaced(path, () => readNow(path), { isOfOneFile: file => basename(file.path) !== tfjsFile })
}

async function readNow(path: string): Promise<ModelFile> {
  const file = await fileOf(path)
  if (basename(file) === tfjsFile) return readTfjs(file)
  return await formatOf(file) === 'keras' ? readKeras(file) : readSaved(file)
}

/** The file itself, or the model's file in a folder. */
async function fileOf(path: string): Promise<string> {
  const found = await readable(path, () => stat(path), `a model ${path}`)
  if (!found.isDirectory()) return path
  for (const name of [savedFile, tfjsFile])
    if (await lstat(join(path, name)).catch(() => null)) return insideFolder(path, name)
  throw new LabError('data-missing', {
    expected: `a folder ${path} that saveModel or exportModel wrote`, received: `neither ${savedFile} nor ${tfjsFile} in it`,
    remedy: 'Check the path',
  })
}

async function readSaved(path: string): Promise<ModelFile> {
  const { tensors, metadata } = await readSafetensors(path)
  const fields = Object.entries(metadata)
  // Other programs note plain words here, such as { format: 'pt' }.
  const description = 'architecture' in metadata ? Object.fromEntries(fields.map(([name, text]) => [name, parseHeader(text, path)])) : {}
  return { path, description, arrays: tensors }
}

/** A whole model has Keras's description of its layers; this project's is beside it. */
async function readKeras(path: string): Promise<ModelFile> {
  const file = await readHdf5(path)
  const text = file.attributes.get('user_metadata')
  const arrays = kerasArrays(file, path)
  if (typeof text !== 'string') return { path, description: file.attributes.has('model_config') ? {} : null, arrays }
  return { path, description: validated(parseHeader(text, path), recordOf(z.unknown()), path, 'a description'), arrays }
}

const tfjsSchema = z.object({
  weightsManifest: z.tuple([z.object({
    paths: listOf(z.string().regex(/^group1-shard\d+of\d+\.bin$/), z.array(z.unknown()).max(10_000)),
    weights: listOf(z.object({
      name: z.string(), shape: listOf(z.int().min(0)), dtype: z.literal('float32'),
      quantization: z.object({ dtype: z.literal('float16') }).optional(),
    }), z.array(z.unknown()).max(20_000)),
  })]),
  userDefinedMetadata: recordOf(z.unknown()).default({}),
})

async function readTfjs(path: string): Promise<ModelFile> {
  const text = (await readFileCapped(path, longestDescription)).toString('utf8')
  const { weightsManifest: [{ paths, weights }], userDefinedMetadata } = parseJson(path, text, tfjsSchema)
  const lengths = weights.map(({ shape, quantization }) => sizeOf(shape) * (quantization ? 2 : 4))
  const length = lengths.reduce((sum, bytes) => sum + bytes, 0)
  if (!(length <= longestFile)) throw badTensorFile(path, `arrays of at most ${longestFile} bytes`, `${length} bytes`)
  const bytes = await readShards(dirname(path), paths, length)
  const arrays = new Map<string, Values>()
  let start = 0
  for (const [i, { name, shape, quantization }] of weights.entries()) {
    // Copied, because an array may start where its type cannot be read.
    const { buffer } = Uint8Array.from(bytes.subarray(start, start += lengths[i]))
    arrays.set(name, { shape, values: quantization ? fromHalf(new Uint16Array(buffer)) : new Float32Array(buffer) })
  }
  return { path, description: userDefinedMetadata, arrays }
}

/** The shards one after the other, which must have as many bytes as the arrays. */
async function readShards(folder: string, names: readonly string[], length: number): Promise<Buffer> {
  const shards: Buffer[] = []
  let left = length
  for (const name of names) {
    const shard = await readFileCapped(insideFolder(folder, name), left)
    left -= shard.length
    shards.push(shard)
  }
  if (left > 0) throw badTensorFile(folder, `shards of ${length} bytes together`, `${length - left} bytes`)
  return Buffer.concat(shards)
}
