/** ResNet50 as torchvision, timm and Hugging Face's transformers store it: other names, kernels with other axes. */
import type { ParameterSpec } from '../../model/architecture'
import { sizeOf } from '../../system/shape'
import { LabError } from '../../system/errors'
import type { Values } from './tensor-file'

/** Their names of layers, and Keras's. They count stages from 1 or 0, and blocks from 0. */
const layers: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  // torchvision and timm
  [/^(conv|bn)1$/, kind => `conv1_${kind}`],
  [/^layer(\d)\.(\d)\.(conv|bn)(\d)$/, (stage, block, kind, part) => inBlock(+stage + 1, block, part, kind)],
  [/^layer(\d)\.(\d)\.downsample\.(\d)$/, (stage, block, index) => inBlock(+stage + 1, block, '0', index === '0' ? 'conv' : 'bn')],
  [/^fc$/, () => 'predictions'],
  // transformers
  [/^resnet\.embedder\.embedder\.(\w+)$/, kind => `conv1_${short(kind)}`],
  [/^resnet\.encoder\.stages\.(\d)\.layers\.(\d)\.layer\.(\d)\.(\w+)$/,
    (stage, block, part, kind) => inBlock(+stage + 2, block, String(+part + 1), short(kind))],
  [/^resnet\.encoder\.stages\.(\d)\.layers\.(\d)\.shortcut\.(\w+)$/,
    (stage, block, kind) => inBlock(+stage + 2, block, '0', short(kind))],
  [/^classifier\.1$/, () => 'predictions'],
]

const partsOfNormalization: ReadonlyMap<string, string> = new Map([
  ['weight', 'gamma'], ['bias', 'beta'], ['running_mean', 'moving_mean'], ['running_var', 'moving_variance'],
])

/**
 * The arrays of such a file by Keras's names, in Keras's layout: kernels of convolutions are transposed from [out, in,
 * height, width] to [height, width, in, out], of dense layers from [out, in] to [in, out]. Names that ResNet50 does not
 * have stay unchanged.
 * @param parameters of the network: biases of convolutions, which these files lack, become zeros
 * @throws LabError 'weights-mismatch' for names that are Keras's: such a file may belong to the other variant; for two
 *   arrays of one name
 */
export function fromTorch(
  tensors: ReadonlyMap<string, Values>, parameters: readonly ParameterSpec[],
): Map<string, Values> {
  const kerasNamed = [...tensors.keys()].find(name => name.includes('/'))
  if (kerasNamed)
    throw new LabError('weights-mismatch', {
      expected: 'names as in torchvision, timm or transformers, such as layer1.0.conv1.weight', received: kerasNamed,
      remedy: 'Take the file that one of them publishes',
    })
  const arrays = new Map<string, Values>(), nameOf = new Map<string, string>()
  for (const [name, values] of tensors) {
    const key = kerasName(name), before = nameOf.get(key)
    if (before !== undefined)
      throw new LabError('weights-mismatch', {
        expected: `one array for ${key}`, received: `two: ${before} and ${name}`, remedy: 'Take the file of one network',
      })
    nameOf.set(key, name)
    arrays.set(key, transposed(values))
  }
  for (const { name, shape } of parameters)
    if (name.endsWith('_conv/bias') && !arrays.has(name))
      arrays.set(name, { shape, values: new Float32Array(sizeOf(shape)) })
  return arrays
}

function kerasName(name: string): string {
  const dot = name.lastIndexOf('.')
  const part = name.slice(dot + 1)
  for (const [pattern, kerasLayer] of layers) {
    const match = pattern.exec(name.slice(0, dot))
    if (!match) continue
    const layer = kerasLayer(...match.slice(1))
    return `${layer}/${layer.endsWith('_bn') ? partsOfNormalization.get(part) ?? part : part === 'weight' ? 'kernel' : part}`
  }
  return name
}

function inBlock(stage: number, block: string, part: string, kind: string): string {
  return `conv${stage}_block${+block + 1}_${part}_${kind}`
}

function short(kind: string): string {
  return kind === 'convolution' ? 'conv' : 'bn'
}

function transposed({ shape, values }: Values): Values {
  if (shape.length !== 2 && shape.length !== 4) return { shape, values }
  const [outputs, inputs, height = 1, width = 1] = shape
  const result = new Float32Array(values.length)
  const area = height * width
  let to = 0
  for (let position = 0; position < area; position++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        result[to++] = values[(output * inputs + input) * area + position]
  return { shape: shape.length === 4 ? [height, width, inputs, outputs] : [inputs, outputs], values: result }
}
