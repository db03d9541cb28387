/** The result of contrastive learning: start weights that belong to one split, and their card. */
import { parameters, type Width } from '../model/architecture'
import { describeEngine, engineName } from '../engine/engine'
import { sha256 } from '../system/hash'
import { inProject } from '../system/project-root'
import { projectWeightsName, saveProjectWeights, type WeightsCard } from '../weights/project-weights'
import { stageWeights } from '../training/contrastive/head'
import type { UnlabelledImages } from '../training/contrastive/images'
import type { ContrastivelyTrained } from '../training/contrastive/config'

/** The default folder. Shipped weights are in another folder, because each of these files serves one split only. */
export function contrastiveFolder(): string {
  return inProject('.cache', 'weights')
}

/**
 * Saves all stages but the head as resnet50-contrastive-WIDTH-HASH; HASH names the images, the start and the recipe.
 * @param command the command that makes the weights again
 */
export async function saveContrastive(
  { model, start, history, seconds, config }: ContrastivelyTrained, images: UnlabelledImages,
  { width, command }: { width: Width; command: string }, folder: string,
): Promise<WeightsCard> {
  const engine = describeEngine()
  const { loss, found, spread, dimensions } = history[history.length - 1]
  const { size, preprocessing } = model
  const decisive = { images: images.description, imagesHash: images.hash, start, size, preprocessing, ...config }
  const hash = sha256(JSON.stringify(decisive)).slice(0, 8)
  const learnt = stageWeights(model.architecture, model.weights)
  const tensors = new Map(parameters(model.architecture).filter(({ name }) => learnt.has(name))
    .map(({ name, shape }) => [name, { shape, values: learnt.get(name)! }]))
  return saveProjectWeights({
    name: `${projectWeightsName('contrastive', width)}-${hash}`,
    description: `ResNet50 at ${width} width, without its head, after learning without labels to recognize `
      + `${images.count} images by any view of them. For this split only: these are its training images.`,
    recipe: { command, ...decisive }, result: { loss, found, spread, dimensions, images: images.count },
    seconds: Math.round(seconds),
    machine: `${engineName(engine)}, ${engine.threads} threads`,
    licence: `Apache-2.0; learnt from images under: ${images.licence}`,
  }, tensors, folder)
}
