/** Saving a trained model: a folder with its numbers, all that is known about it, and a card to read. */
import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { requireFiniteWeights } from '../../model/finite-weights'
import type { Model } from '../../model/model'
import type { Split } from '../../data/split/split'
import { LabError, oneOf, requireInRange } from '../../system/errors'
import { readable, readFileCapped, writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import { requireKnownKeys } from '../../system/options'
import { replaceAlone, replaceFolder } from '../../system/replace'
import { inRoom } from '../../system/room'
import { sameTexts } from '../../system/same-texts'
import { encodeSafetensors } from '../../weights/export/safetensors'
import { modelFrom } from '../../weights/saved/description'
import { cardFile, readModelFile, savedFile } from '../../weights/saved/model-files'
import { collectFacts, positiveClass, type SaveModelOptions } from './collect-facts'
import { modelCard } from './model-card'

export type { SaveModelOptions } from './collect-facts'

const longestCard = 16 * 1024 * 1024

/**
 * Saves a model as a folder of two files, whole or not at all: `model.safetensors` (numbers as float32, layers, labels,
 * preprocessing, frozen layers, and the facts in `options`) and `MODEL.md`, a card in plain words that is written from
 * the same facts. A model that `saveModel` wrote there before is replaced; anything else is refused, a changed card
 * included.
 * @param network the model
 * @param path of the folder, inside the project or the temporary folder
 * @throws LabError 'bad-argument' for options that do not fit the model, numbers that are not finite, or a path where
 *   something else lies; 'outside-folder', 'write-failed'
 * @example await saveModel(tuned.model, 'results/models/lesions', { record: tuned, split: parts, evaluation })
 */
export async function saveModel(network: Model, path: string, options: SaveModelOptions = {}): Promise<void> {
  checkOptions(network, options)
  const model = withReading(network, options.split)
  requireFiniteWeights(model)
  const folder = resolve(path)
  const facts = collectFacts(model, options)
  const card = modelCard(basename(folder), model, facts)
  const bytes = encodeSafetensors(model, 'float32', { ...facts, card: sha256(card) })
  await replaceAlone(folder, `saving a model as ${folder}`, async () => {
    await checkReplaceable(folder)
    await inRoom(dirname(folder), () => ({ bytes: bytes.length, what: `the model ${basename(folder)}` }), () =>
      replaceFolder(folder, async work => {
        await writeFileAtomic(join(work, savedFile), bytes)
        await writeFileAtomic(join(work, cardFile), card)
      }))
  })
}

/** How images are read where nothing else is said. */
const plainReading = JSON.stringify({ fit: 'squash', window: {} })

/**
 * The model with the way in which its images are read: that of its training, else that of the split's data set.
 * @throws LabError 'bad-argument' where the two differ
 */
function withReading(model: Model, split: Split | undefined): Model {
  if (!split) return model
  const { fit = 'squash', window = {} } = split.dataset
  const received = JSON.stringify({ fit, window })
  const own = JSON.stringify({ fit: model.fit ?? fit, window: model.window ?? window })
  if (own === received) return received === plainReading ? model : { ...model, fit, window }
  throw new LabError('bad-argument', {
    expected: `a split whose images are read as in the training of the model, ${own}`, received,
    remedy: 'Pass the split that the model was trained on',
  })
}

function checkOptions(model: Model, options: SaveModelOptions): void {
  requireKnownKeys('saveModel', options, {
    record: true, split: true, evaluation: true, baselines: true, positive: true, threshold: true, about: true,
  })
  const { record, split, evaluation, threshold } = options
  const positive = positiveClass(options)
  if (positive !== null && !model.labels.includes(positive)) throw oneOf('positive', positive, model.labels)
  if (threshold !== undefined) {
    requireInRange('threshold', threshold, { low: 0, high: 1 })
    if (positive === null)
      throw new LabError('bad-argument', {
        expected: 'the positive class together with a threshold', received: 'a threshold alone',
        remedy: `Name the class that the test looks for: positive: '${model.labels[0]}', say`,
      })
  }
  requireLabels(model, 'split', split?.dataset.labels)
  requireLabels(model, 'evaluation', evaluation?.predictions.classes)
  requireLabels(model, 'record', record?.model.labels)
}

/** @throws LabError 'bad-argument' where an option belongs to a model of other classes */
function requireLabels({ labels }: Model, option: string, received: readonly string[] | undefined): void {
  if (!received || sameTexts(received, labels)) return
  throw new LabError('bad-argument', {
    expected: `${option} with the model's classes ${labels.join(', ')}`, received: received.join(', '),
    remedy: `Pass the ${option} of this model`,
  })
}

/** Refuses to replace what `saveModel` has not written. */
async function checkReplaceable(folder: string): Promise<void> {
  const existing = await lstat(folder).catch(() => null)
  const foreign = existing && (existing.isDirectory() ? await foreignIn(folder) : 'a file or a link')
  if (!foreign) return
  throw new LabError('bad-argument', {
    expected: `nothing at ${folder}, or a model that saveModel wrote`, received: foreign, remedy: 'Choose another name',
  })
}

/** What a folder holds besides a saved model and its card as they were written; null if nothing. */
async function foreignIn(folder: string): Promise<string | null> {
  const names = await readable(folder, () => readdir(folder))
  if (names.length === 0) return null
  const foreign = names.find(name => name !== savedFile && name !== cardFile)
  if (foreign !== undefined) return foreign
  try {
    const { description, arrays, path } = await readModelFile(folder)
    const { saved } = modelFrom(description ?? {}, arrays, path)
    if (!saved) return `${savedFile} of an export`
    if (!names.includes(cardFile)) return null
    return sha256(await readFileCapped(join(folder, cardFile), longestCard)) === saved.card ? null : `a changed ${cardFile}`
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return `${savedFile}, which is damaged or of another program`
  }
}
