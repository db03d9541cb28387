/**
 * Makes ResNet50 models: the architecture, filled with start weights.
 *
 * This file is in weights/ and not in model/ because it reads weights from disk, which a page in a browser cannot do.
 */
import { basename } from 'node:path'
import { kerasMomentum, parameters, type Architecture } from '../model/architecture'
import type { Model } from '../model/model'
import { summarizedModel } from '../model/model-summary'
import type { Preprocessing } from '../model/preprocessing'
import { describeResNet50 } from '../model/resnet50-layers'
import { completeWeights, initialWeights, withClosedBranches } from '../model/start-weights'
import { LabError } from '../system/errors'
import { sourceCard } from './cards'
import type { Values } from './formats/tensor-file'
import { sameShape } from './match-parameters'
import { requireNumbers } from './require-numbers'
import { loadProjectWeights, readProjectWeights } from './project-weights'
import { isOnDisk, loadPublished } from './published'
import { checkOptionNames, checkOptions, checkWeights, type ResNet50Options } from './resnet50-options'

/** Names of start weights that are not published weights. */
const unpublished: readonly string[] = ['none', 'fractal', 'own']

/**
 * A ResNet50 ready to be frozen and trained.
 * @throws LabError 'bad-argument' for options outside their ranges, 'unknown-weights' for an unknown name of weights;
 *   'weights-mismatch', 'bad-tensor-file', 'download-failed' for published weights
 * @example await resnet50({ classes: ['COVID', 'non-COVID'], weights: 'fractal' })
 */
export async function resnet50(options: ResNet50Options): Promise<Model> {
  checkOptionNames(options)
  const { classes, weights = defaultWeights(options), weightsFile, width = 'full', size = 64, head = 'linear' } = options
  const { dropout = 0, seed = 0 } = options
  const card = unpublished.includes(weights) ? null : sourceCard(weights, unpublished)
  const momentum = options.momentum ?? (head === 'reference' ? kerasMomentum : 0.9)
  checkOptions({ classes, width, size, head, dropout, momentum })
  checkWeights(card, { weights, weightsFile, width })
  const variant = card?.variant
  const architecture = describeResNet50({ size, width, variant, head, classes: classes.length, dropout, momentum })
  const shared = { name: 'ResNet50', architecture, frozen: new Set<string>(), labels: [...classes], size }
  const project = weights === 'own' ? await readProjectWeights(weightsFile!)
    : weights === 'fractal' ? await loadProjectWeights(weights, width) : null
  // The reference head replaces preprocessing by the convolution that it puts before the network.
  const preprocessing: Preprocessing =
    head === 'reference' ? 'unit' : (card ?? project?.card.recipe)?.preprocessing ?? 'centered'
  if (card) {
    const { onProgress, signal } = options
    const stages = await loadPublished(card, architecture, { file: weightsFile, top: false, onProgress, signal })
    const start = weightsFile ? basename(weightsFile) : card.name
    return summarizedModel({ ...shared, weights: completeWeights(stages, architecture, seed), preprocessing, start })
  }
  if (project) {
    const stages = requireNumbers(architecture, stagesOf(project.weights, architecture), project.name)
    const weights = completeWeights(stages, architecture, seed)
    return summarizedModel({ ...shared, weights, preprocessing, start: project.name })
  }
  const random = withClosedBranches(initialWeights(architecture, seed), architecture)
  return summarizedModel({ ...shared, weights: random, preprocessing, start: 'random' })
}

/** The start weights where the options name none. */
function defaultWeights({ width = 'full' }: ResNet50Options): 'imagenet' | 'fractal' {
  return width === 'full' && isOnDisk(sourceCard('imagenet')) ? 'imagenet' : 'fractal'
}

/** The arrays of ResNet50's stages. @param arrays of the project's weights, which may hold further arrays */
function stagesOf(arrays: ReadonlyMap<string, Values>, architecture: Architecture): Map<string, Float32Array> {
  const result = new Map<string, Float32Array>()
  const inStages = /^conv[1-5]_/
  for (const { name, shape } of parameters(architecture).filter(parameter => inStages.test(parameter.name))) {
    const array = arrays.get(name)
    if (!array || !sameShape(array.shape, shape))
      throw new LabError('weights-mismatch', {
        expected: `${name} with shape [${shape.join(', ')}]`,
        received: array ? `shape [${array.shape.join(', ')}]` : 'no array of that name',
        remedy: 'Choose the width that the weights were trained for, or train them with `npm run pretrain -- fractals`',
      })
    result.set(name, array.values)
  }
  return result
}
