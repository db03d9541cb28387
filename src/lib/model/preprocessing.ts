/** From an image's pixels to the numbers that a network reads: each published network expects its own scale. */
import type { Image } from '../images/image'

/**
 * How pixels from 0 to 255 become a network's input. Grey counts as three equal channels.
 * 'unit': x / 255, from 0 to 1. 'centered': x / 127.5 − 1, from −1 to 1.
 * 'caffe': blue, green, red, each minus ImageNet's mean; what Keras's ResNet50 was trained on.
 * 'torch': (x / 255 − mean) / deviation with ImageNet's values; torchvision's, timm's and Hugging Face's ResNet50.
 */
export type Preprocessing = 'unit' | 'centered' | 'caffe' | 'torch'

/** One channel of a network's input: scale · value + offset. */
export interface ChannelRule {
  /** Which of the image's channels: 0 red, 1 green, 2 blue. */
  from: number
  scale: number
  offset: number
}

const equalChannels = (scale: number, offset: number): ChannelRule[] =>
  [0, 1, 2].map(from => ({ from, scale, offset }))
/** ImageNet's means and deviations of red, green and blue: Caffe's for pixels from 0 to 255, PyTorch's from 0 to 1. */
const caffeMeans = [123.68, 116.779, 103.939]
const torchMeans = [0.485, 0.456, 0.406]
const torchDeviations = [0.229, 0.224, 0.225]

/** The three channels of each preprocessing, in the network's order. */
export const channelRules: Readonly<Record<Preprocessing, readonly ChannelRule[]>> = {
  unit: equalChannels(1 / 255, 0),
  centered: equalChannels(1 / 127.5, -1),
  caffe: [2, 1, 0].map(from => ({ from, scale: 1, offset: -caffeMeans[from] })),
  torch: [0, 1, 2].map(from => ({
    from, scale: 1 / (255 * torchDeviations[from]), offset: -torchMeans[from] / torchDeviations[from],
  })),
}

/**
 * Preprocesses one image.
 * @param pixels [height, width, channels], 0 to 255; fractions are allowed
 * @param channels 1 for grey, 3 for red, green and blue
 * @param input where to write, [height, width, 3]
 */
export function preprocessInto(
  input: Float32Array, pixels: Uint8Array | Float32Array, channels: Image['channels'], preprocessing: Preprocessing,
): void {
  channelRules[preprocessing].forEach(({ from, scale, offset }, channel) => {
    const start = channels === 3 ? from : 0
    for (let i = start, to = channel; i < pixels.length; i += channels, to += 3) input[to] = pixels[i] * scale + offset
  })
}

/** An image as a network reads it, [height, width, 3]. */
export function preprocessed({ width, height, channels, data }: Image, preprocessing: Preprocessing): Float32Array {
  const input = new Float32Array(width * height * 3)
  preprocessInto(input, data, channels, preprocessing)
  return input
}
