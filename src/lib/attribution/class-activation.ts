/**
 * Class activation maps: which places of a stage's output raise a class's score.
 *
 * A_k(i, j) is channel k of the stage's output at row i and column j, g_k(i, j) the gradient of the class's score
 * (before softmax) with respect to it. Both methods weight the channels, add them up, and leave out what is below 0:
 *
 *     map(i, j) = max(0, Σ_k w_k · A_k(i, j))
 *
 * Grad-CAM (Selvaraju et al. 2017): w_k is the mean of g_k over all places.
 *
 * Grad-CAM++ (Chattopadhyay et al. 2018, equations 10 to 19): w_k = Σ α_k(i, j) · max(0, g_k(i, j)), with
 * α = g² / (2 g² + g³ · Σ A_k). Where g is above 0, that is α = 1 / (2 + g · Σ A_k), in which no divisor is 0. The
 * factor exp(score) of the paper, the same for the whole map, is left out.
 */
import type { Part } from '../data/split/split'
import { read, release } from '../engine/engine'
import { enlargeMap } from '../images/enlarge'
import type { FeatureMap } from '../images/feature-map'
import { stages, type Stage } from '../model/architecture'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import {
  explainOptionNames, explainPart, startAtClasses, type Explainer, type ExplainOptions, type HeatMaps,
} from './heat-maps'

/** Which class is explained, and where. */
export interface ClassActivationOptions extends ExplainOptions {
  /**
   * The stage whose output is read: 'stem', 'conv2', 'conv3', 'conv4' or 'conv5'. A map has as many places as this
   * output: with images of 64, 128 and 224 pixels conv5 has 2 × 2, 4 × 4 and 7 × 7, conv3 8 × 8, 16 × 16 and 28 × 28.
   * Default 'conv3': a map of 2 × 2 places can only name a quarter of the image.
   */
  stage?: Stage
}

/** The stages that have maps: all but the head. */
const mappedStages: readonly Stage[] = stages.slice(0, -1)

/**
 * Grad-CAM (Selvaraju et al. 2017): where a stage's output raises the class's score.
 * The numbers are 0 or more; those of one map compare with each other.
 * @returns one map an image, enlarged to the model's size between the centers of the stage's places
 * @throws LabError 'bad-argument' for another stage or class, or where the data set has other classes or another fit
 *   than the model
 * @example const maps = await gradCam(network, few, { label: 'COVID' })
 */
export async function gradCam(model: Model, part: Part, options: ClassActivationOptions = {}): Promise<HeatMaps> {
  return explainStage('gradCam', model, part, options, 'Grad-CAM', meanGradient)
}

/**
 * Grad-CAM++ (Chattopadhyay et al. 2018): as `gradCam`, but only gradients above 0 count, so that several separate
 * findings all show, small ones too.
 * @returns one map an image, enlarged to the model's size between the centers of the stage's places
 * @throws LabError as `gradCam`
 * @example const maps = await gradCamPlusPlus(network, few, { label: 'COVID', stage: 'conv4' })
 */
export async function gradCamPlusPlus(
  model: Model, part: Part, options: ClassActivationOptions = {},
): Promise<HeatMaps> {
  return explainStage('gradCamPlusPlus', model, part, options, 'Grad-CAM++', positiveGradient)
}

/** The weight of one channel, from its outputs A and their gradients g, which lie `step` numbers apart. */
type ChannelWeight = (outputs: Float32Array, gradients: Float32Array, channel: number, step: number) => number

const meanGradient: ChannelWeight = (_outputs, gradients, channel, step) => {
  let sum = 0
  for (let i = channel; i < gradients.length; i += step) sum += gradients[i]
  return sum * step / gradients.length
}

const positiveGradient: ChannelWeight = (outputs, gradients, channel, step) => {
  let total = 0, weight = 0
  for (let i = channel; i < outputs.length; i += step) total += outputs[i]
  for (let i = channel; i < gradients.length; i += step)
    if (gradients[i] > 0) weight += gradients[i] / (2 + gradients[i] * total)
  return weight
}

function explainStage(
  name: string, model: Model, part: Part, options: ClassActivationOptions, method: HeatMaps['method'],
  weightOf: ChannelWeight,
): Promise<HeatMaps> {
  requireKnownKeys(name, options, { ...explainOptionNames, stage: true })
  const { stage = 'conv3' } = options
  const present = new Set(model.architecture.layers.map(layer => layer.stage))
  requireOneOf('stage', stage, mappedStages.filter(one => present.has(one)))
  return explainPart(model, part, options, { method, stage }, () => openStage(model, stage, weightOf))
}

/** The network in two parts: up to the stage's last layer, and from there to the scores and back. */
function openStage(model: Model, stage: Stage, weightOf: ChannelWeight): Explainer {
  const { name, shape } = model.architecture.layers.filter(layer => layer.stage === stage).at(-1)!
  const [height, width, channels] = shape
  const body = new Network(model, 'infer', { through: name })
  const top = new Network(model, 'explain', { after: name })
  return {
    explain({ input }, choose) {
      const output = body.infer(input)
      let explained: number[] = []
      const { scores, gradient } = top.inputGradient(output, found =>
        startAtClasses(explained = choose(found), model.labels.length))
      const outputs = read(output), gradients = read(gradient)
      release(output, gradient)
      const length = height * width * channels
      const maps = explained.map((_, i) => {
        const image = (numbers: Float32Array) => numbers.subarray(i * length, (i + 1) * length)
        const map = weightedSum(image(outputs), image(gradients), { width, height, channels }, weightOf)
        return enlargeMap(map, model.size, model.size)
      })
      return { scores, explained, maps }
    },
    close() {
      body.close()
      top.close()
    },
  }
}

interface Size { width: number; height: number; channels: number }

function weightedSum(
  outputs: Float32Array, gradients: Float32Array, { width, height, channels }: Size, weightOf: ChannelWeight,
): FeatureMap {
  const weights = Float64Array.from({ length: channels }, (_, k) => weightOf(outputs, gradients, k, channels))
  const data = Float32Array.from({ length: width * height }, (_, place) => {
    let sum = 0
    for (let k = 0; k < channels; k++) sum += weights[k] * outputs[place * channels + k]
    return Math.max(0, sum)
  })
  return { width, height, data }
}
