/** The outputs of a network for all images of a part, batch by batch. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Augmentation } from '../batches/batches'
import { inOrder, type Inputs } from '../batches/inputs'
import { read, release } from '../engine/engine'
import type { Model } from '../model/model'
import type { Network } from '../network/network'

/** Watches and stops a computation over all images of a part. */
export interface ComputeControl {
  onProgress?(done: number, count: number): void
  /** Stops the computation with the signal's reason, after the current batch. */
  signal?: AbortSignal
}

/** Images in a batch where a caller does not say. */
export const defaultBatch = 64

/** From so many batches on, a function of the forward pass should save time on a card: estimated, not measured. */
const manyBatches = 50

export interface OutputOptions extends ComputeControl {
  /** Images in a batch: more images take more memory. Default 64. */
  batch?: number
  augmentation?: Augmentation
}

/**
 * The outputs of a network's last layer, batch by batch in the part's order.
 * @param network opened to infer
 */
export async function* outputsOf(
  network: Network, inputs: Inputs, { batch = defaultBatch, augmentation, onProgress, signal }: OutputOptions = {},
): AsyncGenerator<Float32Array> {
  const batches = inOrder(inputs.count, batch)
  let done = 0
  for await (const { input, count } of inputs.batches(batches, augmentation)) {
    const output = network.infer(input, batches.length >= manyBatches)
    const numbers = read(output)
    release(input, output)
    yield numbers
    signal?.throwIfAborted()
    onProgress?.(done += count, inputs.count)
    await nextTurn()
  }
}

/** Class scores (before softmax) for all images of a part, [count, classes]. */
export async function scoresOf(
  network: Network, model: Model, inputs: Inputs, options: OutputOptions = {},
): Promise<Float32Array> {
  const scores = new Float32Array(inputs.count * model.labels.length)
  let start = 0
  for await (const output of outputsOf(network, inputs, options)) {
    scores.set(output, start)
    start += output.length
  }
  return scores
}
