/** Models written to files for other programs: Keras, TensorFlow.js in a browser, readers of safetensors. */
import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, requireOneOf } from '../../system/errors'
import { readable, writeFileAtomic } from '../../system/files'
import { requireKnownKeys } from '../../system/options'
import { replaceAlone, replaceFolder } from '../../system/replace'
import type { Model } from '../../model/model'
import type { Precision } from './arrays'
import { encodeKeras, encodeKerasWeights } from './keras'
import { encodeSafetensors } from './safetensors'
import { encodeTfjs } from './tfjs'
import { formatOf } from '../formats/weights-file'

/**
 * 'keras': a whole model in one HDF5 file (.h5), for `keras.models.load_model`.
 * 'keras-weights': the weights alone (.h5), for `keras.applications.ResNet50(weights=None, …).load_weights`.
 * 'safetensors': the weights alone by Keras's names; labels, size and preprocessing as metadata.
 * 'tfjs': a folder with a whole model, for TensorFlow.js's `tf.loadLayersModel`.
 */
const exportFormats = ['keras', 'keras-weights', 'safetensors', 'tfjs'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportOptions {
  format: ExportFormat
  /**
   * 'float16' rounds kernels to three significant digits and halves the file; all other arrays, which have few numbers
   * of a wide range, stay float32. Not for Keras. Default 'float32', which keeps every bit.
   */
  precision?: Precision
  /** Whether to export the head, too; without it the network ends with its last stage. Default true. */
  head?: boolean
}

/**
 * Writes a model to a file, completely or not at all. A file of an earlier export is replaced. The exported model gives
 * class probabilities.
 *
 * Users of the file must preprocess images as this library does; the metadata states how, except in 'keras-weights'.
 * @param path of the file, or with 'tfjs' of the folder, inside the project or the temporary folder. The name must end
 *   in .h5 for Keras, in .safetensors for safetensors
 * @throws LabError 'bad-argument' for options outside their ranges, a name with another ending, a model that the format
 *   cannot express, or the path of a file that another program wrote; 'outside-folder', 'write-failed'
 * @example await weights.exportModel(trained.model, 'results/lesions', { format: 'tfjs', precision: 'float16' })
 */
export async function exportModel(model: Model, path: string, options: ExportOptions): Promise<void> {
  requireKnownKeys('exportModel', options ?? null, { format: true, precision: true, head: true })
  const { format, precision = 'float32', head = true } = options
  checkOptions(format, precision)
  checkName(path, format)
  const exported = head ? model : withoutHead(model)
  await replaceAlone(path, `exporting a model to ${path}`, async () => {
    await checkReplaceable(path, format)
    switch (format) {
      case 'keras': return writeFileAtomic(path, await encodeKeras(exported))
      case 'keras-weights': return writeFileAtomic(path, await encodeKerasWeights(exported))
      case 'safetensors': return writeFileAtomic(path, encodeSafetensors(exported, precision))
      case 'tfjs': return writeFolder(path, encodeTfjs(exported, precision))
    }
  })
}

/** The network up to its last stage. */
function withoutHead(model: Model): Model {
  const layers = model.architecture.layers.filter(layer => layer.stage !== 'head')
  return { ...model, architecture: { name: `${model.architecture.name}, without head`, layers }, labels: [] }
}

function writeFolder(path: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  return replaceFolder(path, async folder => {
    for (const [name, content] of files) await writeFileAtomic(join(folder, name), content)
  })
}

/** Refuses to replace a file or folder that an export in this format cannot have written. */
async function checkReplaceable(path: string, format: ExportFormat): Promise<void> {
  const existing = await lstat(path).catch(() => null)
  const foreign = existing && await (format === 'tfjs' ? foreignInFolder(path, existing) : foreignFile(path, existing, format))
  if (!foreign) return
  const expected = `nothing at ${path}, or an earlier export as ${format}`
  throw new LabError('bad-argument', { expected, received: foreign, remedy: 'Choose another name' })
}

/**
 * What a folder holds besides a model for TensorFlow.js; null if nothing. An export replaces the whole folder, so that
 * another file in it would be lost.
 */
async function foreignInFolder(path: string, existing: Stats): Promise<string | null> {
  if (!existing.isDirectory()) return 'a file'
  const names = await readable(path, () => readdir(path))
  return names.find(name => name !== 'model.json' && !/^group1-shard\d+of\d+\.bin$/.test(name)) ?? null
}

async function foreignFile(path: string, existing: Stats, format: ExportFormat): Promise<string | null> {
  if (!existing.isFile()) return 'a folder or a link'
  const fileFormat = await formatOf(path).catch(() => 'another')
  return format.startsWith(fileFormat) ? null : 'a file of another format'
}

function checkOptions(format: string, precision: string): void {
  requireOneOf('format', format, exportFormats)
  requireOneOf('precision', precision, ['float32', 'float16'])
  if (precision === 'float16' && format.startsWith('keras'))
    throw new LabError('bad-argument', {
      expected: `float32 with the format ${format}`, received: precision, remedy: 'Leave precision out',
    })
}

/** Keras chooses the format by the file's name, and so do people. */
function checkName(path: string, format: ExportFormat): void {
  const check = (fits: boolean, expected: string) => {
    if (fits) return
    throw new LabError('bad-argument', { expected, received: path, remedy: 'Choose another name' })
  }
  if (format === 'safetensors') check(path.endsWith('.safetensors'), 'a file name that ends in .safetensors')
  if (format.startsWith('keras'))
    check(path.endsWith('.h5') && !path.endsWith('.weights.h5'),
      'a file name that ends in .h5, and not in .weights.h5, which Keras 3 reads as another layout')
}
