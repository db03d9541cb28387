/** Heat maps by the slow methods under a progress bar. */
import {
  integratedGradients as integratedGradientsQuietly, type IntegratedGradientsOptions,
} from '../../attribution/integrated-gradients'
import type { HeatMaps } from '../../attribution/heat-maps'
import { occlusion as occlusionQuietly, type OcclusionOptions } from '../../attribution/occlusion'
import type { Part } from '../../data/split/split'
import type { Model } from '../../model/model'
import { withProgress } from '../progress'

/**
 * How much the class's score (before softmax) falls where a square covers a place (Zeiler and Fergus 2014), under a
 * progress bar: above 0 where the place speaks for the class, below 0 where it speaks against the class. The network
 * runs once for each position of the square: 225 times for one image with the defaults.
 * @param options label: the class to explain (default: the likeliest of each image); window: side of the square in
 *   pixels (default an eighth of the model's size); stride: pixels between squares (default half of window); fill: grey
 *   level of the square, 0 to 255 (default 0: in CT and X-ray images black is air, and a grey square in a lung would
 *   look like a finding); batch: copies of one image at a time (default 32)
 * @returns one map an image, of the model's size: each pixel the mean over the squares that cover it
 * @throws LabError 'bad-argument' for an option outside its range, or where the data set has other classes or another
 *   fit than the model
 * @example const maps = await occlusion(network, few, { label: 'COVID', window: 16, stride: 16 })
 */
export function occlusion(
  model: Model, part: Part, options: Omit<OcclusionOptions, 'onProgress' | 'signal'> = {},
): Promise<HeatMaps> {
  return withProgress('Occlusion', (report, signal) =>
    occlusionQuietly(model, part, { ...options, onProgress: report, signal }))
}

/**
 * How much each pixel adds to the class's score (before softmax), compared with an even image (Sundararajan et al.
 * 2017), under a progress bar: above 0 where it speaks for the class, below 0 where it speaks against the class.
 * @param options label: the class to explain (default: the likeliest of each image); steps: points on the way from the
 *   even image, each one pass forward and one back (default 32); fill: grey level of the even image, 0 to 255 (default
 *   0, black); batch: images at a time (default 8)
 * @returns one map an image, of the model's size; its three channels are added up
 * @throws LabError 'bad-argument' for an option outside its range, or where the data set has other classes or another
 *   fit than the model
 * @example const maps = await integratedGradients(network, few, { label: 'COVID', steps: 8 })
 */
export function integratedGradients(
  model: Model, part: Part, options: Omit<IntegratedGradientsOptions, 'onProgress' | 'signal'> = {},
): Promise<HeatMaps> {
  return withProgress('Integrated gradients', (report, signal) =>
    integratedGradientsQuietly(model, part, { ...options, onProgress: report, signal }))
}
