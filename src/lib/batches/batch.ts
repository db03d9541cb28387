/** Some images of a part and their classes, as a network reads them. */
import type { Tensor } from '../engine/engine'

/**
 * One batch. A network receives the images as a tensor. While batches are prepared the images are a `Float32Array`,
 * because threads can share its memory, whereas a tensor belongs to the main thread.
 */
export interface Batch<Input extends Tensor | Float32Array = Tensor> {
  /** [count, …]: preprocessed images, or what a network's frozen layers computed from them. */
  input: Input
  /** Class number of each image. */
  labels: Int32Array
  count: number
}
