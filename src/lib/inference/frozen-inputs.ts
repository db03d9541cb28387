/**
 * What a model's frozen first layers give for images: the inputs of the layers behind them.
 *
 * However long the rest trains, it stays the same: it can be computed once and kept, for later epochs and later runs.
 * Where every epoch changes the images it is computed for each batch instead, by the same kernels. The numbers are the
 * same either way: to the bit where measured, for 64 × 64 images in batches of 32 and more. The processor's library may
 * add up smaller batches in another order, which moves the last places of float32 (by 4e-7 of the largest number).
 */
import { createHash } from 'node:crypto'
import { parameters } from '../model/architecture'
import { sizeOf } from '../system/shape'
import { openBatches, type Augmentation } from '../batches/batches'
import { engineIdentity, release, tensor } from '../engine/engine'
import { keepFeatures, openFeatures, type Features, type FeatureSize } from './feature-cache'
import { imageInputs, type InputBatch, type Inputs } from '../batches/inputs'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { outputsOf } from './predict'
import type { Part } from '../data/split/split'

/** To be raised when the same layers come to give other numbers, so that what was kept before counts no more. */
const recipe = 1

/** How features that are computed for later are watched, and stopped. */
export interface Watch {
  onProgress?(done: number, count: number): void
  /** Ends the computing with its reason; nothing half-done is kept. */
  signal?: AbortSignal
}

/** The first layers of a model, up to one behind which nothing looks back. Close it after use. */
export class FrozenPart {
  private readonly shape: readonly number[]
  private readonly kept = new Map<string, Features>()
  /** For inputs that are computed for each batch. */
  private network: Network | undefined
  private identity: string | undefined

  /** @param boundary the last of the layers, as `frozenThrough` names it */
  constructor(private readonly model: Model, private readonly boundary: string) {
    this.shape = model.architecture.layers.find(({ name }) => name === boundary)!.shape
  }

  /** Inputs that are computed for each batch. */
  async freshInputs(part: Part): Promise<Inputs> {
    const images = await this.images(part)
    return { ...images, batches: (places, augmentation) => this.through(images.batches(places, augmentation)) }
  }

  /** Inputs that are computed when first asked for, once for each augmentation, and kept on disk. */
  keptInputs(part: Part, watch: Watch = {}): Inputs {
    const labels = Int32Array.from(part.indices, item => part.dataset.items[item].label)
    const features = (augmentation?: Augmentation) => this.features(part, augmentation, watch)
    const { shape } = this
    return {
      count: labels.length,
      labels,
      async *batches(places, augmentation) {
        const rows = await features(augmentation)
        for (const some of places) {
          const input = tensor(rows.read(some), [some.length, ...shape])
          yield { input, labels: Int32Array.from(some, place => labels[place]), count: some.length }
        }
      },
    }
  }

  /** How many numbers it gives for how many images of a part. */
  sizeFor(part: Part): FeatureSize {
    return { count: part.indices.length, width: sizeOf(this.shape) }
  }

  async close(): Promise<void> {
    this.network?.close()
    for (const features of this.kept.values()) await features.close()
  }

  private async images(part: Part): Promise<Inputs> {
    return imageInputs(await openBatches(part, this.model), this.model.size)
  }

  private open(): Network {
    return new Network(this.model, 'infer', { through: this.boundary })
  }

  private async *through(images: AsyncIterable<InputBatch>): AsyncGenerator<InputBatch> {
    this.network ??= this.open()
    for await (const { input, labels, count } of images) {
      const features = this.network.infer(input)
      release(input)
      yield { input: features, labels, count }
    }
  }

  private async features(part: Part, augmentation: Augmentation | undefined, watch: Watch): Promise<Features> {
    const key = this.keyOf(part, augmentation)
    const held = this.kept.get(key)
    if (held) return held
    const size = this.sizeFor(part)
    const features = await openFeatures(key, size)
      ?? await keepFeatures(key, size, this.rows(part, augmentation, watch))
    this.kept.set(key, features)
    return features
  }

  private async *rows(
    part: Part, augmentation: Augmentation | undefined, { onProgress, signal }: Watch,
  ): AsyncGenerator<Float32Array> {
    const stoppable = (done: number, count: number) => {
      signal?.throwIfAborted()
      onProgress?.(done, count)
    }
    const images = await this.images(part), network = this.open()
    try {
      yield* outputsOf(network, images, { augmentation, onProgress: stoppable })
    } finally {
      network.close()
    }
  }

  /** Names all that decides the features. */
  private keyOf({ dataset, indices }: Part, augmentation?: Augmentation): string {
    this.identity ??= identify(this.model, this.boundary)
    const names = [this.identity, dataset.contentHash, indices, augmentation ?? null]
    return createHash('sha256').update(JSON.stringify(names)).digest('hex')
  }
}

/** A hash of the layers up to one: what they are, the numbers they hold, what they read, and what runs them. */
function identify({ architecture, weights, preprocessing, size }: Model, boundary: string): string {
  const layers = architecture.layers.slice(0, architecture.layers.findIndex(({ name }) => name === boundary) + 1)
  const names = [recipe, layers, preprocessing, size, engineIdentity()]
  const hash = createHash('sha256').update(JSON.stringify(names))
  for (const { name } of parameters({ ...architecture, layers })) hash.update(weights.get(name)!)
  return hash.digest('hex')
}
