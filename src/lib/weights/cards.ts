/** Cards of the published weights that can be loaded: where each comes from, and what it expects. */
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
  /** Of the file; null where it is not known before its server says. */
  bytes: number | null
  /** Of the file, in hexadecimal digits, as its publishers give it. */
  hash: { algorithm: 'md5' | 'sha256'; digits: string }
  licence: string
  /** Whether the last layer is in it, which tells ImageNet's 1,000 classes apart. */
  top: boolean
  variant: Variant
  preprocessing: Preprocessing
  /** What pixels have to be before preprocessing: red, green and blue from the first number to the second. */
  input: readonly [number, number]
}

const keras = 'https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels'
const huggingFace = (repository: string) => `https://huggingface.co/${repository}/resolve/main/model.safetensors`

// None of the files has been at hand where this was written: no figure below has been compared with one.
// URLs, MD5 and the size without the last layer: as Keras's own source and documentation give them. The size with the
// last layer: as Keras prints it while it downloads. Sizes and SHA-256 of the safetensors: as projects that pin these
// files record them, microsoft/resnet-50's in one place only. Licences: as each repository states its own.

// Keras publishes MD5. Two files of one MD5 can be made on purpose; a second file for a given MD5 cannot, as far as is
// known. So it proves that the file is Keras's, provided Keras's own was made in good faith.
const ofKeras = {
  format: 'keras', variant: 'v1', preprocessing: 'caffe', input: pixelRange,
  licence: 'MIT (Kaiming He\'s weights, as Keras states); trained on ImageNet, whose images are for research',
} as const
const later = { format: 'safetensors', top: true, variant: 'v1.5', preprocessing: 'torch', input: pixelRange } as const

export const sourceCards: readonly SourceCard[] = [
  {
    ...ofKeras, name: 'imagenet', top: false, description: 'Keras’s ResNet50 without its last layer',
    url: `${keras}_notop.h5`, bytes: 94_765_736, hash: { algorithm: 'md5', digits: '4d473c1dd8becc155b73f8504c6f6626' },
  },
  {
    ...ofKeras, name: 'imagenet-top', top: true, description: 'Keras’s ResNet50 with its last layer: recognises 1,000 things',
    url: `${keras}.h5`, bytes: 102_967_424, hash: { algorithm: 'md5', digits: '2cb95161c43110f7111970584f804107' },
  },
  {
    ...later, name: 'imagenet-torchvision', description: 'torchvision’s ResNet50 (first version), from timm',
    url: huggingFace('timm/resnet50.tv_in1k'), bytes: 102_469_840, licence: 'BSD-3-Clause',
    hash: { algorithm: 'sha256', digits: '5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888' },
  },
  {
    ...later, name: 'imagenet-timm', description: 'timm’s ResNet50, trained by the recipe A1 of “ResNet strikes back”',
    url: huggingFace('timm/resnet50.a1_in1k'), bytes: 102_469_840, licence: 'Apache-2.0',
    hash: { algorithm: 'sha256', digits: '773525d5821de224f8f30c33377b7a795d7863e08522698200d3217d3f2a41bb' },
  },
  {
    ...later, name: 'imagenet-microsoft', description: 'microsoft/resnet-50 of Hugging Face’s transformers',
    url: huggingFace('microsoft/resnet-50'), bytes: null, licence: 'Apache-2.0',
    hash: { algorithm: 'sha256', digits: '9c6061af1f450bb0847e529fd742aa5066017be379c71bbf5546b198e5b13a1e' },
  },
]

/**
 * The card of a name.
 * @param others names that are none of a card, yet could have been meant
 * @throws LabError 'unknown-weights' naming the nearest
 */
export function sourceCard(name: string, others: readonly string[] = []): SourceCard {
  const card = sourceCards.find(one => one.name === name)
  if (card) return card
  const names = [...others, ...sourceCards.map(one => one.name)]
  throw new LabError('unknown-weights', {
    expected: `one of ${names.join(', ')}`, received: String(name), remedy: `Nearest: ${nearest(String(name), names, 1)[0]}`,
  })
}
