/** Models written for other programs: Keras, TensorFlow.js in a browser, whatever reads safetensors. */
import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../system/errors'
import { remove, writeFileAtomic } from '../../system/files'
import { replace, workFolder } from '../../system/replace'
import type { Model } from '../../model/model'
import type { Precision } from './arrays'
import { encodeKeras, encodeKerasWeights } from './keras'
import { encodeSafetensors } from './safetensors'
import { encodeTfjs } from './tfjs'
import { formatOf } from '../formats/weights-file'

/**
 * 'keras': a whole model in one HDF5 file (.h5), for `keras.models.load_model`.
 * 'keras-weights': the numbers alone (.h5), for `keras.applications.ResNet50(weights=None, …).load_weights`.
 * 'safetensors': the numbers alone by Keras's names, and what else there is to know as metadata.
 * 'tfjs': a folder with a whole model, for TensorFlow.js's `tf.loadLayersModel`.
 */
const exportFormats = ['keras', 'keras-weights', 'safetensors', 'tfjs'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportOptions {
  format: ExportFormat
  /**
   * 'float16' rounds kernels to three significant digits and halves the file; the few other numbers, whose range is
   * wide, stay float32. Not for Keras. Default 'float32', which keeps every bit.
   */
  precision?: Precision
  /** Whether the head goes along; without it the network ends with its last stage. Default true. */
  head?: boolean
}

/**
 * Writes a model, whole or not at all, over what an earlier export left there. Classifiers give probabilities.
 *
 * The receiver prepares images as this library does: the metadata tells how, except in 'keras-weights'.
 * @param path of the file, or with 'tfjs' of the folder, inside the project or the temporary folder; for Keras .h5,
 *   for safetensors .safetensors
 * @throws LabError 'bad-argument' for options outside their ranges, a name with another ending, a model that the format
 *   cannot express, or where something lies that no export wrote; 'outside-folder', 'write-failed'
 * @example await exportModel(trained.model, 'results/lesions', { format: 'tfjs', precision: 'float16' })
 */
export async function exportModel(model: Model, path: string, options: ExportOptions): Promise<void> {
  const { format, precision = 'float32', head = true } = options
  checkOptions(format, precision)
  checkName(path, format)
  await checkReplaceable(path, format)
  const exported = head ? model : withoutHead(model)
  switch (format) {
    case 'keras': return writeFileAtomic(path, await encodeKeras(exported))
    case 'keras-weights': return writeFileAtomic(path, await encodeKerasWeights(exported))
    case 'safetensors': return writeFileAtomic(path, encodeSafetensors(exported, precision))
    case 'tfjs': return writeFolder(path, encodeTfjs(exported, precision))
  }
}

/** The network up to its last stage. */
function withoutHead(model: Model): Model {
  const layers = model.architecture.layers.filter(layer => layer.stage !== 'head')
  return { ...model, architecture: { name: `${model.architecture.name}, without head`, layers }, labels: [] }
}

/** Writes files into a folder beside, then puts it in place. */
async function writeFolder(path: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  const folder = await workFolder(path)
  try {
    for (const [name, content] of files) await writeFileAtomic(join(folder, name), content)
    await replace(folder, path)
  } catch (error) {
    await remove(folder)
    throw error
  }
}

/** Only what an export wrote is replaced, or could have. */
async function checkReplaceable(path: string, format: ExportFormat): Promise<void> {
  const there = await lstat(path).catch(() => null)
  const other = there && await (format === 'tfjs' ? otherInFolder(path, there) : otherFile(path, there, format))
  if (!other) return
  const expected = `nothing at ${path}, or what an export as ${format} wrote`
  throw new LabError('bad-argument', { expected, received: other, remedy: 'Choose another name' })
}

/** What there is but a model for TensorFlow.js; null for nothing else. A folder is replaced as a whole. */
async function otherInFolder(path: string, there: Stats): Promise<string | null> {
  if (!there.isDirectory()) return 'a file'
  const names = await readdir(path)
  return names.find(name => name !== 'model.json' && !/^group1-shard\d+of\d+\.bin$/.test(name)) ?? null
}

async function otherFile(path: string, there: Stats, format: ExportFormat): Promise<string | null> {
  if (!there.isFile()) return 'a folder or a link'
  const found = await formatOf(path).catch(() => 'another')
  return format.startsWith(found) ? null : 'a file of another format'
}

function checkOptions(format: string, precision: string): void {
  const wrong = (expected: string, received: string, remedy: string) =>
    new LabError('bad-argument', { expected, received: String(received), remedy })
  if (!(exportFormats as readonly string[]).includes(format))
    throw wrong(`a format of ${exportFormats.join(', ')}`, format, 'Choose one of them')
  if (precision !== 'float32' && precision !== 'float16')
    throw wrong('a precision of float32 or float16', precision, 'Choose one of them')
  if (precision === 'float16' && format.startsWith('keras'))
    throw wrong(`float32 with the format ${format}`, precision, 'Leave precision out')
}

/** Keras goes by the name, and so do people. */
function checkName(path: string, format: ExportFormat): void {
  const need = (held: boolean, expected: string) => {
    if (held) return
    throw new LabError('bad-argument', { expected, received: path, remedy: 'Choose another name' })
  }
  if (format === 'safetensors') need(path.endsWith('.safetensors'), 'a file name that ends in .safetensors')
  if (format.startsWith('keras'))
    need(path.endsWith('.h5') && !path.endsWith('.weights.h5'),
      'a file name that ends in .h5, and not in .weights.h5, which Keras 3 takes for another layout')
}
