/** A network's layers as a file stores them, and the architecture rebuilt from them. */
import { z } from 'zod'
import { LayerList, stages, type Architecture, type LayerKind, type LayerSpec } from '../../model/architecture'
import { badTensorFile } from '../formats/header'
import { listOf } from '../../system/json-parts'

const shared = {
  name: z.string().min(1).max(200), stage: z.enum(stages), inputs: listOf(z.string(), z.array(z.unknown()).max(8)),
}
const length = z.int().min(1).max(64)
const channels = z.int().min(1).max(65_536)

/**
 * One layer without its shape, which follows from the layers before it. Strict: a property that this version does not
 * know, such as a dilation, would make it another layer.
 */
export const storedLayerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('input'), ...shared }),
  z.strictObject({ kind: z.literal('zero-padding'), padding: z.int().min(0).max(64), ...shared }),
  z.strictObject({
    kind: z.literal('convolution'), filters: channels, kernel: length, stride: length,
    padding: z.enum(['same', 'valid']), ...shared,
  }),
  z.strictObject({
    kind: z.literal('batch-normalization'), epsilon: z.number().min(0).max(1), momentum: z.number().min(0).max(1), ...shared,
  }),
  z.strictObject({ kind: z.literal('relu'), ...shared }),
  z.strictObject({ kind: z.literal('add'), ...shared }),
  z.strictObject({ kind: z.literal('max-pooling'), kernel: length, stride: length, ...shared }),
  z.strictObject({ kind: z.literal('global-average-pooling'), ...shared }),
  z.strictObject({ kind: z.literal('dropout'), rate: z.number().min(0).lt(1), ...shared }),
  z.strictObject({
    kind: z.literal('dense'), units: channels, activation: z.enum(['linear', 'relu', 'softmax']), ...shared,
  }),
])
export type StoredLayer = z.infer<typeof storedLayerSchema>

/** A network's layers without their shapes. */
export function storedLayers({ layers }: Architecture): object[] {
  return layers.map(({ shape: _, ...layer }) => layer)
}

/**
 * Rebuilds an architecture: every layer must read layers before it, and every shape must exist.
 * @param size height and width of the images in pixels
 * @param where named in errors, such as the file's path
 * @throws LabError 'bad-tensor-file' naming the first layer that cannot be
 */
export function rebuildArchitecture(
  name: string, layers: readonly StoredLayer[], size: number, where: string,
): Architecture {
  const list = new LayerList()
  const shapes = new Map<string, readonly number[]>()
  for (const [index, layer] of layers.entries()) {
    const fault = faultOf(layer, index, shapes)
    if (fault) throw badTensorFile(where, 'layers that form a network', `${layer.name}, ${fault}`)
    const { name, stage, inputs, ...kind } = layer
    if (kind.kind === 'input') list.input(size, 3)
    else list.add(stage, name, kind as LayerKind, inputs)
    const { shape } = list.layers[index]
    if (!shape.every(length => length >= 1)) throw badTensorFile(where, 'layers with an output', `${name}, with none`)
    shapes.set(name, shape)
  }
  return { name, layers: list.layers }
}

/** Why a layer cannot stand where it stands; null where it can. */
function faultOf(
  { name, kind, inputs, ...layer }: StoredLayer, index: number, shapes: ReadonlyMap<string, readonly number[]>,
): string | null {
  if (kind === 'input')
    return index > 0 || inputs.length > 0 || name !== inputName || layer.stage !== 'stem' ? 'an input in another place' : null
  if (index === 0) return 'the first layer, which is no input'
  if (shapes.has(name)) return 'twice'
  const unknown = inputs.find(input => !shapes.has(input))
  if (unknown !== undefined) return `which reads ${unknown}, a layer that does not come before it`
  if (kind === 'add' ? inputs.length !== 2 : inputs.length !== 1) return `which reads ${inputs.length} layers`
  const [first, second = first] = inputs.map(input => shapes.get(input)!)
  if (first.join() !== second.join()) return 'which adds outputs of different shapes'
  if (axesOf(kind, first.length) !== first.length) return `which reads an output with ${first.length} axes`
  const isEven = 'padding' in layer && layer.padding === 'same' && 'kernel' in layer && layer.kernel % 2 === 0
  return isEven ? 'whose even kernel cannot keep the size' : null
}

/** The name that `LayerList` gives the input. */
const inputName = 'input_layer'

/** How many axes a layer's input must have. @param received how many it has */
function axesOf(kind: LayerSpec['kind'], received: number): number {
  switch (kind) {
    case 'zero-padding': case 'convolution': case 'max-pooling': case 'global-average-pooling': return 3
    case 'dense': return 1
    default: return received
  }
}
