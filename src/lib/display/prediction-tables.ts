/** Predictions image by image: as tables, and as CSV files. */
import { open } from 'node:fs/promises'
import type { Predictions } from '../evaluation/predictions'
import { calledClass, checkCallRule, describeCallRule, type CallRule } from '../evaluation/call'
import type { PredictedImages } from '../inference/predict-image'
import { LabError } from '../system/errors'
import { writeFileAtomic } from '../system/files'
import { requireKnownKeys } from '../system/options'
import { dataTable, toCsv, type Column, type Table } from './tables'

/** The heading of a class's probabilities, here and in the files of runs. */
export function probabilityColumn(label: string): string {
  return `probability of ${label}`
}

/**
 * What a model says about new images, as `predictImage` gives it: a row for each file, with the probability of each
 * class and the class that the image is called.
 * @example show(imageTable(await predictImage(network, 'new-images')))
 */
export function imageTable(predicted: PredictedImages): Table {
  const { classes, images, failed, ignored, positive, threshold } = predicted
  const near = images.some(({ nearest }) => nearest.length > 0)
  const rows = images.map(({ file, probabilities, called, nearest }) => ({
    file, ...probabilityCells(classes, probabilities), called, positive, threshold,
    ...(near && { nearest: nearest.map(({ name, label }) => `${name} (${label})`).join('; ') }),
  }))
  const columns: (string | Column)[] = [
    'file', ...probabilityColumns(classes), 'called', ...(positive === null ? [] : ['positive']),
    ...(threshold === null ? [] : ['threshold']), ...(near ? [{ key: 'nearest', title: 'most similar training images' }] : []),
  ]
  return dataTable('predicted', images.length === 1 ? '1 image' : `${images.length} images`, rows, columns, [
    `${describeCallRule(predicted)}. Not a medical device.`,
    failed.length && `Not read: ${failed.map(({ file, reason }) => `${file} (${reason})`).join('; ')}.`,
    ignored.length && `${ignored.length} other files, which are no images by their names.`,
  ].filter(Boolean).join(' '))
}

/**
 * Predictions of a part: a row for each image with its group, its class, the probability of each class, and the class
 * that it is called.
 * @param rule positive class and threshold. Default: the likeliest class counts
 * @throws LabError 'bad-argument' for a positive class that is none, or a threshold without one
 * @example show(predictionTable(await predict(network, parts.test)))
 */
export function predictionTable(predictions: Predictions, rule: Partial<CallRule> = {}): Table {
  requireKnownKeys('predictionTable', rule, { positive: true, threshold: true })
  const { classes, names, groups, labels, probabilities } = predictions
  const { positive = null, threshold = null } = rule
  checkCallRule({ positive, threshold }, classes)
  const rows = names.map((image, row) => {
    const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length)
    return {
      image, group: groups[row], class: classes[labels[row]], ...probabilityCells(classes, own),
      called: calledClass(own, classes, { positive, threshold }),
    }
  })
  const columns = ['image', 'group', 'class', ...probabilityColumns(classes), 'called']
  return dataTable('predictions', `${names.length} images`, rows, columns, `${describeCallRule({ positive, threshold })}.`)
}

/**
 * Writes predictions as CSV: those of a part of a data set, or those of new images. Numbers keep their full precision.
 * @param path of the file, inside the project or the temporary folder; a file of earlier predictions is replaced
 * @param rule for predictions of a part, see {@link predictionTable}; those of new images have theirs
 * @throws LabError 'bad-argument' where another file lies there; 'outside-folder', 'write-failed'
 * @example await writePredictions(await predict(network, parts.test), 'results/test.csv')
 */
export async function writePredictions(
  predictions: Predictions | PredictedImages, path: string, rule?: Partial<CallRule>,
): Promise<void> {
  const table = 'images' in predictions ? imageTable(predictions) : predictionTable(predictions, rule)
  await checkReplaceable(path)
  await writeFileAtomic(path, toCsv(table))
}

/** @throws LabError 'bad-argument' where a file lies that is not one of predictions */
async function checkReplaceable(path: string): Promise<void> {
  const start = await firstLetters(path)
  if (start === null || /^(file|image)[^\n]*,"?probability of /.test(start)) return
  throw new LabError('bad-argument', {
    expected: `nothing at ${path}, or earlier predictions`, received: 'another file or a folder', remedy: 'Choose another name',
  })
}

/** The start of a file; null where none is there, '' where it cannot be read. */
async function firstLetters(path: string): Promise<string | null> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : ''
  }
}

function probabilityCells(classes: readonly string[], probabilities: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(classes.map((label, k) => [probabilityColumn(label), probabilities[k]]))
}

function probabilityColumns(classes: readonly string[]): Column[] {
  return classes.map(label => ({ key: probabilityColumn(label), title: label, format: 'percent' }))
}
