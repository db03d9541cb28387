/** Cards of the published weights that the library can load: where each file comes from, and what it expects. */
import type { Variant } from '../model/architecture'
import { LabError, nearest } from '../system/errors'
import { pixelRange } from '../images/image'
import type { Preprocessing } from '../model/preprocessing'
import type { WeightsFormat } from './formats/weights-file'

export type SourceName = 'imagenet' | 'imagenet-top' | 'imagenet-torchvision' | 'imagenet-timm' | 'imagenet-microsoft'

/** One published file of ResNet50's weights, all of them trained on ImageNet's 1,000 classes. */
export interface SourceCard {
  name: SourceName
  description: string
  url: string
  format: WeightsFormat
  /** Of the file; null where only the server knows the size. */
  bytes: number | null
  /** Of the file, in hexadecimal digits, as its publishers state it. */
  hash: { algorithm: 'md5' | 'sha256'; digits: string }
  licence: string
  /** Whether the file holds the last layer, which distinguishes ImageNet's 1,000 classes. */
  top: boolean
  variant: Variant
  preprocessing: Preprocessing
  /** The range of pixels before preprocessing: red, green and blue from the first number to the second. */
  input: readonly [number, number]
}

const keras = 'https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels'
const huggingFace = (repository: string) => `https://huggingface.co/${repository}/resolve/main/model.safetensors`

// We could not download these files, so no size or hash below has been checked against the real file.
// Keras's source and documentation state the URLs, the MD5 and the size without the last layer; Keras prints the size
// with the last layer while it downloads. Projects that pin the safetensors files record their sizes and SHA-256,
// microsoft/resnet-50's in one project only. Each repository states its licence.

// Keras publishes MD5. Anyone can make two files of the same MD5, but nobody is known to have made a second file for a
// given MD5. The hash therefore proves that the file is Keras's, provided Keras published its file in good faith.
const kerasFile = {
  format: 'keras', variant: 'v1', preprocessing: 'caffe', input: pixelRange,
  licence: 'MIT (Kaiming He\'s weights, as Keras states); trained on ImageNet, whose images are for research',
} as const
const torchFile = { format: 'safetensors', top: true, variant: 'v1.5', preprocessing: 'torch', input: pixelRange } as const

export const sourceCards: readonly SourceCard[] = [
  {
    ...kerasFile, name: 'imagenet', top: false, description: 'Keras’s ResNet50 without its last layer',
    url: `${keras}_notop.h5`, bytes: 94_765_736, hash: { algorithm: 'md5', digits: '4d473c1dd8becc155b73f8504c6f6626' },
  },
  {
    ...kerasFile, name: 'imagenet-top', top: true, description: 'Keras’s ResNet50 with its last layer: recognizes 1,000 things',
    url: `${keras}.h5`, bytes: 102_967_424, hash: { algorithm: 'md5', digits: '2cb95161c43110f7111970584f804107' },
  },
  {
    ...torchFile, name: 'imagenet-torchvision', description: 'torchvision’s ResNet50 (first version), from timm',
    url: huggingFace('timm/resnet50.tv_in1k'), bytes: 102_469_840, licence: 'BSD-3-Clause',
    hash: { algorithm: 'sha256', digits: '5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888' },
  },
  {
    ...torchFile, name: 'imagenet-timm', description: 'timm’s ResNet50, trained by the recipe A1 of “ResNet strikes back”',
    url: huggingFace('timm/resnet50.a1_in1k'), bytes: 102_469_840, licence: 'Apache-2.0',
    hash: { algorithm: 'sha256', digits: '773525d5821de224f8f30c33377b7a795d7863e08522698200d3217d3f2a41bb' },
  },
  {
    ...torchFile, name: 'imagenet-microsoft', description: 'microsoft/resnet-50 of Hugging Face’s transformers',
    url: huggingFace('microsoft/resnet-50'), bytes: null, licence: 'Apache-2.0',
    hash: { algorithm: 'sha256', digits: '9c6061af1f450bb0847e529fd742aa5066017be379c71bbf5546b198e5b13a1e' },
  },
]

/**
 * The card of a source.
 * @param furtherNames names of weights that have no card, but that the error should list, too
 * @throws LabError 'unknown-weights' naming the nearest name
 */
export function sourceCard(name: string, furtherNames: readonly string[] = []): SourceCard {
  const card = sourceCards.find(source => source.name === name)
  if (card) return card
  const names = [...furtherNames, ...sourceCards.map(source => source.name)]
  throw new LabError('unknown-weights', {
    expected: `one of ${names.join(', ')}`, received: String(name), remedy: `Nearest: ${nearest(String(name), names, 1)[0]}`,
  })
}
