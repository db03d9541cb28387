/**
 * The outputs of a model's frozen first layers: the inputs of the layers that train.
 *
 * These outputs stay the same however long the other layers train. They can therefore be computed once and cached on
 * disk, for later epochs and later runs. Where every epoch augments the images anew, the same engine operations compute
 * the outputs for each batch instead. The numbers agree: to the bit where measured, for 64 × 64 images in batches of 32
 * and more. For smaller batches the processor's library may add numbers up in another order, which changes the last
 * digits of float32 (by 4e-7 of the largest number).
 */
import { createHash } from 'node:crypto'
import type { Batch } from '../batches/batch'
import type { Augmentation } from '../batches/batches'
import { openImageInputs, type Inputs } from '../batches/inputs'
import { labelsOf } from '../data/part-labels'
import type { Part } from '../data/split/split'
import { engineIdentity, release, tensor } from '../engine/engine'
import { parameters } from '../model/architecture'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { sizeOf } from '../system/shape'
import { openFeatures, storeFeatures, type CachedFeatures, type FeatureSize } from './feature-cache'
import { outputsOf, type ComputeControl } from './outputs'

/** Increase when the same layers start producing different numbers; older cache files are then ignored. */
const cacheVersion = 1

/** The first layers of a model, up to a layer that no later layer bypasses. Close it after use. */
export class FrozenPart {
  private readonly shape: readonly number[]
  private readonly openCaches = new Map<string, CachedFeatures>()
  /** Opened for the first batch of `computedInputs`. */
  private network: Network | undefined
  private identity: string | undefined

  /** @param boundary name of the last of the layers, as `frozenThrough` returns it */
  constructor(private readonly model: Model, private readonly boundary: string) {
    this.shape = model.architecture.layers.find(({ name }) => name === boundary)!.shape
  }

  /** Inputs that are computed for each batch. @param fullBatch images in a full batch: many of that size come */
  async computedInputs(part: Part, fullBatch?: number): Promise<Inputs> {
    const images = await openImageInputs(part, this.model)
    return {
      ...images, batches: (indices, augmentation) => this.compute(images.batches(indices, augmentation), fullBatch),
    }
  }

  /**
   * Inputs that are cached on disk. Whatever the cache lacks is computed when the first batch is read, once for each
   * augmentation.
   */
  cachedInputs(part: Part, control: ComputeControl = {}): Inputs {
    const labels = labelsOf(part)
    const features = (augmentation?: Augmentation) => this.features(part, augmentation, control)
    const { shape } = this
    return {
      count: labels.length,
      labels,
      async *batches(indices, augmentation) {
        const rows = await features(augmentation)
        for (const batch of indices) {
          const input = tensor(rows.read(batch), [batch.length, ...shape])
          yield { input, labels: Int32Array.from(batch, index => labels[index]), count: batch.length }
        }
      },
    }
  }

  /** How many numbers the layers compute for how many images of a part. */
  sizeFor(part: Part): FeatureSize {
    return { count: part.indices.length, width: sizeOf(this.shape) }
  }

  async close(): Promise<void> {
    this.network?.close()
    for (const features of this.openCaches.values()) await features.close()
  }

  private open(): Network {
    return new Network(this.model, 'infer', { through: this.boundary })
  }

  private async *compute(images: AsyncIterable<Batch>, fullBatch?: number): AsyncGenerator<Batch> {
    this.network ??= this.open()
    for await (const { input, labels, count } of images) {
      const features = this.network.infer(input, count === fullBatch)
      release(input)
      yield { input: features, labels, count }
    }
  }

  private async features(
    part: Part, augmentation: Augmentation | undefined, control: ComputeControl,
  ): Promise<CachedFeatures> {
    const key = this.keyOf(part, augmentation)
    const alreadyOpen = this.openCaches.get(key)
    if (alreadyOpen) return alreadyOpen
    const size = this.sizeFor(part)
    const features = await openFeatures(key, size)
      ?? await storeFeatures(key, size, () => this.rows(part, augmentation, control))
    this.openCaches.set(key, features)
    return features
  }

  private async *rows(
    part: Part, augmentation: Augmentation | undefined, { onProgress, signal }: ComputeControl,
  ): AsyncGenerator<Float32Array> {
    const images = await openImageInputs(part, this.model), network = this.open()
    try {
      yield* outputsOf(network, images, { augmentation, onProgress, signal })
    } finally {
      network.close()
    }
  }

  /** A hash of everything that decides the features. */
  private keyOf({ dataset, indices }: Part, augmentation?: Augmentation): string {
    this.identity ??= identify(this.model, this.boundary)
    const names = [this.identity, dataset.contentHash, indices, augmentation ?? null]
    return createHash('sha256').update(JSON.stringify(names)).digest('hex')
  }
}

/** A hash of the layers up to the boundary: their kinds, their numbers, their input, and the engine that runs them. */
function identify({ architecture, weights, preprocessing, size }: Model, boundary: string): string {
  const layers = architecture.layers.slice(0, architecture.layers.findIndex(({ name }) => name === boundary) + 1)
  const names = [cacheVersion, layers, preprocessing, size, engineIdentity()]
  const hash = createHash('sha256').update(JSON.stringify(names))
  for (const { name } of parameters({ ...architecture, layers })) hash.update(weights.get(name)!)
  return hash.digest('hex')
}
