/** Opening models: those that `saveModel` wrote, and exports that hold what is needed. */
import { parameters } from '../../model/architecture'
import type { Model } from '../../model/model'
import { summarizedModel } from '../../model/model-summary'
import { channelRules, type Preprocessing } from '../../model/preprocessing'
import { describeResNet50 } from '../../model/resnet50-layers'
import { LabError, requireOneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { matchParameters } from '../match-parameters'
import { requireNumbers } from '../require-numbers'
import { requireImageSize } from '../resnet50-options'
import { modelFrom } from './description'
import { readModelFile, type ModelFile } from './model-files'
import { rememberFacts } from './saved-facts'

/** What a file of weights alone (the export format 'keras-weights') does not say. Refused for files that say it. */
export interface OpenModelOptions {
  /** Names of the classes, in the order of the last layer's outputs. */
  labels?: readonly string[]
  /** Height and width of the images in pixels, 32 to 1024. */
  size?: number
  /** How pixels become the network's input. */
  preprocessing?: Preprocessing
}

/**
 * Opens a model as it was saved: it predicts to the bit as before, and frozen layers stay frozen. Exports of all four
 * formats open, too, if they were exported with their head; float16 exports have rounded numbers.
 * @param path a folder that `saveModel` wrote; a file or folder that `exportModel` wrote
 * @throws LabError 'data-missing'; 'bad-tensor-file' or 'damaged-file' where the file is cut, changed or of another
 *   program; 'weights-mismatch', 'too-large'; 'bad-argument' for options that the file needs or does not need
 * @example const model = await openModel('results/models/lesions')
 */
export async function openModel(path: string, options: OpenModelOptions = {}): Promise<Model> {
  requireKnownKeys('openModel', options, { labels: true, size: true, preprocessing: true })
  const file = await readModelFile(path)
  if (!file.description) return kerasResNet50(file, options)
  const needless = Object.entries(options).find(([, value]) => value !== undefined)
  if (needless)
    throw new LabError('bad-argument', {
      expected: `no options for ${file.path}, which describes its model`, received: needless[0], remedy: 'Leave the options out',
    })
  const { model, saved } = modelFrom(file.description, file.arrays, file.path)
  if (saved) rememberFacts(model, saved)
  return summarizedModel(model)
}

/** Weights of Keras's ResNet50 with a head: the file names neither its network nor its classes. */
function kerasResNet50({ path, arrays }: ModelFile, { labels, size, preprocessing }: OpenModelOptions): Model {
  const classes = arrays.get('predictions/kernel')?.shape[1]
  if (!classes || classes < 2)
    throw new LabError('bad-tensor-file', {
      expected: `a last layer named predictions in ${path}`, received: 'none',
      remedy: 'Export the model with its head, or save it with saveModel',
    })
  const passed = Object.entries({ labels, size, preprocessing }).filter(([, value]) => value !== undefined)
  if (!labels || size === undefined || !preprocessing)
    throw new LabError('bad-argument', {
      expected: `labels, size and preprocessing for ${path}, a file of weights alone`,
      received: passed.map(([name]) => name).join(' and ') || 'none of them',
      remedy: `Pass { labels: [${classes} names], size: 64, preprocessing: 'unit' } as in training`,
    })
  requireImageSize(size)
  requireOneOf('preprocessing', preprocessing, Object.keys(channelRules))
  if (labels.length !== classes || new Set(labels).size !== classes)
    throw new LabError('bad-argument', {
      expected: `${classes} different labels for ${path}`, received: labels.join(', ') || 'none', remedy: 'Name every class once',
    })
  const architecture = describeResNet50({ size, classes })
  return summarizedModel({
    name: 'ResNet50', architecture, frozen: new Set(), labels: [...labels], size, preprocessing, start: 'keras-weights',
    weights: requireNumbers(architecture, matchParameters(parameters(architecture), arrays, path), path),
  })
}
