/** The training images that a network finds most similar to a new image. */
import { leastIndex } from 'd3-array'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inOrder, openImageInputs } from '../batches/inputs'
import type { Part } from '../data/split/split'
import { read, release, type Tensor } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import type { Model } from '../model/model'
import { Network } from '../network/network'

/** A training image that is similar to a new one. */
export interface NearImage {
  /** Name of the image in the data set. */
  name: string
  /** Its class. */
  label: string
  /** Index of the image in the data set's items. */
  index: number
  /** Cosine of the angle between the features of both images, −1 to 1. */
  similarity: number
}

/**
 * Compares images by their features: the output of the last stage before the head, averaged over height and width,
 * scaled to length 1.
 */
export class NearestImages {
  private constructor(
    private readonly network: Network, private readonly part: Part, private readonly features: readonly Float32Array[],
    private readonly count: number,
  ) {}

  /**
   * Computes the features of a part's images.
   * @param count how many similar images to find
   * @throws the signal's reason when the signal fires
   */
  static async open(model: Model, part: Part, count: number, signal?: AbortSignal): Promise<NearestImages> {
    const end = model.architecture.layers.filter(layer => layer.stage !== 'head').at(-1)!
    const network = new Network(model, 'infer', { through: end.name })
    try {
      const inputs = await openImageInputs(part, model)
      const features: Float32Array[] = []
      for await (const { input, count } of inputs.batches(inOrder(inputs.count, 64))) {
        features.push(...featuresOf(network, input, count))
        release(input)
        await nextTurn()
        signal?.throwIfAborted()
      }
      return new NearestImages(network, part, features, Math.min(count, features.length))
    } catch (error) {
      network.close()
      throw error
    }
  }

  /**
   * The most similar images for each image of a batch.
   * @param input as the network reads it, [images, size, size, 3]
   */
  find(input: Tensor): NearImage[][] {
    const { dataset, indices } = this.part
    return featuresOf(this.network, input, input.shape[0]).map(own => {
      const similarities = this.features.map(other => cosine(own, other))
      return highest(similarities, this.count).map(row => {
        const { name, label } = dataset.items[indices[row]]
        return { name, label: dataset.labels[label], index: indices[row], similarity: similarities[row] }
      })
    })
  }

  close(): void {
    this.network.close()
  }
}

/** The features of each image of a batch, each scaled to length 1. */
function featuresOf(network: Network, input: Tensor, count: number): Float32Array[] {
  const output = network.infer(input), average = operations().averageOverSpace(output)
  const values = read(average), width = values.length / count
  release(output, average)
  return Array.from({ length: count }, (_, row) => {
    const own = values.subarray(row * width, (row + 1) * width)
    const length = Math.hypot(...own) || 1
    return own.map(value => value / length)
  })
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** The indices of the highest values, the highest first. */
function highest(values: readonly number[], count: number): number[] {
  const left = values.map((value, index) => ({ value, index }))
  return Array.from({ length: count }, () => left.splice(leastIndex(left, (a, b) => b.value - a.value)!, 1)[0].index)
}
