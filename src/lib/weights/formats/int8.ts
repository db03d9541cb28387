/**
 * Eight bits a number, with one scale for each channel: a quarter of float32's space, with errors of at most 1/254 of
 * the channel's largest number (symmetric per-channel quantization: Krishnamoorthi 2018, section 2).
 */

/** The largest whole number. −128 is not used, so that the range is symmetric. */
const largestWhole = 127

/**
 * The channels' scales as float32, then the numbers as whole multiples of them.
 * @param values finite; the channel is the last, fastest axis
 * @param channels how many channels
 */
export function toInt8(values: Float32Array, channels: number): Uint8Array {
  const scales = new Float32Array(channels)
  values.forEach((value, i) => { scales[i % channels] = Math.max(scales[i % channels], Math.abs(value)) })
  scales.forEach((largest, channel) => { scales[channel] = largest / largestWhole })
  const bytes = new Uint8Array(scales.byteLength + values.length)
  bytes.set(new Uint8Array(scales.buffer))
  // The scale of a channel of zeros is 0, and 0 / 0 becomes 0 in an Int8Array. The clamp is for scales among the
  // smallest float32 numbers, whose rounding is coarse.
  const wholes = Int8Array.from(values, (value, i) =>
    Math.max(-largestWhole, Math.min(largestWhole, Math.round(value / scales[i % channels]))))
  bytes.set(new Uint8Array(wholes.buffer), scales.byteLength)
  return bytes
}

/** The numbers times their scales. @param bytes as {@link toInt8} returns them, at the start of their buffer */
export function fromInt8(bytes: Uint8Array, channels: number): Float32Array {
  const scales = new Float32Array(bytes.buffer, 0, channels)
  const wholes = new Int8Array(bytes.buffer, scales.byteLength, bytes.length - scales.byteLength)
  const values = new Float32Array(wholes.length)
  // `Float32Array.from` takes ten times as long as a loop: seconds for a full ResNet50.
  for (let i = 0; i < wholes.length; i++) values[i] = wholes[i] * scales[i % channels]
  return values
}
