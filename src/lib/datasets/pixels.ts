/** A whole data set at one size, as the network and the baselines take it. */

/** Pixels of all items in order: [count, size, size, channels], values 0 to 255. */
export interface Pixels {
  size: number
  channels: 1 | 3
  count: number
  data: Uint8Array
}
