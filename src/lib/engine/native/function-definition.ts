/**
 * A recording as a function of TensorFlow: the bytes of a FunctionDef, one of its protocol buffers
 * (tensorflow/core/framework/function.proto, op_def.proto, node_def.proto, attr_value.proto, tensor.proto).
 */
import { bytesField, entryField, floatField, integerField, textField } from '../../system/protobuf'
import { attributeKind, dataType, type Attribute } from './attribute'
import type { Constant } from './attributes'
import type { RecordedOperation } from './recording'

/** What a function is made from. Tensors are named by their numbers in the engine while the recording was made. */
export interface FunctionSource {
  name: string
  operations: readonly RecordedOperation[]
  /** Tensors of float32 numbers that each call gives anew. */
  inputs: readonly { id: number; shape: readonly number[] }[]
  /** Variables that the operations read or change. */
  variables: readonly number[]
  constants: ReadonlyMap<number, Constant>
  outputs: readonly number[]
}

/** Names of the outputs of TensorFlow's operations that give several, or whose only output is not called 'output'. */
const outputNames: Readonly<Record<string, readonly string[]>> = {
  Abs: ['y'], AddV2: ['z'], DivNoNan: ['z'], FusedBatchNormV3: [
    'y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2', 'reserve_space_3'],
  FusedBatchNormGradV3: [
    'x_backprop', 'scale_backprop', 'offset_backprop', 'reserve_space_4', 'reserve_space_5'],
  MatMul: ['product'], Mul: ['z'], ReadVariableOp: ['value'], Relu: ['activations'], ReluGrad: ['backprops'],
  Rsqrt: ['y'], Softmax: ['softmax'], Sqrt: ['y'], Sub: ['z'],
}

export function functionDefinition(source: FunctionSource): Uint8Array {
  const { name, operations, inputs, variables, constants, outputs } = source
  const references = new Map([
    ...inputs.map(({ id }, i) => [id, `input_${i}`] as const),
    ...variables.map((id, i) => [id, `variable_${i}`] as const),
    ...[...constants.keys()].map((id, i) => [id, `constant_${i}:output:0`] as const),
    ...operations.flatMap((operation, i) =>
      operation.outputs.map((id, k) => [id, reference(operation, i, k)] as const)),
  ])
  const order = new VariableOrder(variables)
  const nodes = [
    ...[...constants.values()].map((constant, i) => constantNode(`constant_${i}`, constant)),
    ...operations.map((operation, i) => node(`operation_${i}`, operation, [
      ...operation.inputs.map(id => references.get(id)!),
      ...order.before(operation, i).map(before => `^operation_${before}`),
    ])),
  ]
  const signature = [
    textField(1, name),
    ...inputs.map((_, i) => bytesField(2, argument(`input_${i}`, dataType.float))),
    ...variables.map((_, i) => bytesField(2, argument(`variable_${i}`, dataType.resource))),
    ...outputs.map((_, i) => bytesField(3, argument(`output_${i}`, dataType.float))),
    ...order.changes.map(i => textField(20, `change_${i}`)), integerField(17, 1),
  ]
  return Buffer.concat([
    bytesField(1, Buffer.concat(signature)), ...nodes.map(bytes => bytesField(3, bytes)),
    ...outputs.map((id, i) => textEntry(4, `output_${i}`, references.get(id)!)),
    ...order.changes.map(i => textEntry(6, `change_${i}`, `operation_${i}`)),
    // What grappler, TensorFlow's optimizer of graphs, knows about the inputs' shapes.
    ...inputs.map(({ shape }, i) => bytesField(7, Buffer.concat([integerField(1, i),
      bytesField(2, entryField(1, '_output_shapes', bytesField(1, bytesField(7, shapeMessage(shape)))))]))),
  ])
}

/**
 * The order in which operations touch each variable: a change waits for the reads before it and for the operations that
 * use what was read, a read waits for the change before it.
 */
class VariableOrder {
  /** Indices of the operations that change variables. */
  readonly changes: number[] = []
  private readonly lastChange = new Map<number, number>()
  private readonly readers = new Map<number, number[]>()
  /** The variable whose value a tensor is. */
  private readonly valueOf = new Map<number, number>()

  constructor(variables: readonly number[]) {
    for (const id of variables) this.readers.set(id, [])
  }

  /** Which earlier operations an operation waits for, besides those whose outputs it reads. */
  before({ operation, inputs, outputs }: RecordedOperation, index: number): number[] {
    const before = new Set<number>()
    for (const id of inputs) {
      const source = this.valueOf.get(id)
      if (source !== undefined) this.readers.get(source)!.push(index)
    }
    const touched = inputs.filter(id => this.readers.has(id))
    const reads = operation === 'ReadVariableOp'
    for (const id of touched) {
      const change = this.lastChange.get(id)
      if (change !== undefined) before.add(change)
      if (reads) {
        this.readers.get(id)!.push(index)
        this.valueOf.set(outputs[0], id)
        continue
      }
      for (const reader of this.readers.get(id)!) before.add(reader)
      this.readers.set(id, [])
      this.lastChange.set(id, index)
    }
    if (touched.length && !reads) this.changes.push(index)
    before.delete(index)
    return [...before]
  }
}

/** How a node names an operation's output. */
function reference({ operation }: RecordedOperation, index: number, output: number): string {
  const names = outputNames[operation]
  return `operation_${index}:${names ? names[output] : 'output'}:${names ? 0 : output}`
}

function node(name: string, { operation, attributes }: Pick<RecordedOperation, 'operation' | 'attributes'>,
  inputs: readonly string[],
): Buffer {
  return Buffer.concat([
    textField(1, name), textField(2, operation), ...inputs.map(input => textField(3, input)),
    ...attributes.map(attribute => entryField(5, attribute.name, attributeValue(attribute))),
  ])
}

function constantNode(name: string, { values, shape }: Constant): Buffer {
  const type = values instanceof Int32Array ? dataType.int32 : dataType.float
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const tensor = Buffer.concat([integerField(1, type), bytesField(2, shapeMessage(shape)), bytesField(4, content)])
  return Buffer.concat([
    textField(1, name), textField(2, 'Const'),
    entryField(5, 'dtype', integerField(6, type)), entryField(5, 'value', bytesField(8, tensor)),
  ])
}

function attributeValue({ type, value }: Attribute): Buffer {
  if (Array.isArray(value) && type !== attributeKind.shape)
    return bytesField(1, Buffer.concat(value.map((one: number | string) => plainValue(type, one))))
  return type === attributeKind.shape ? bytesField(7, shapeMessage(value as readonly number[]))
    : plainValue(type, value as number | string | boolean)
}

/** A value that is no list, in AttrValue's fields; the fields of its ListValue have the same numbers. */
function plainValue(type: number, value: number | string | boolean): Buffer {
  switch (type) {
    case attributeKind.string: return textField(2, value as string)
    case attributeKind.int: return integerField(3, value as number)
    case attributeKind.float: return floatField(4, value as number)
    case attributeKind.bool: return integerField(5, Number(value))
    default: return integerField(6, value as number)
  }
}

function shapeMessage(shape: readonly number[]): Buffer {
  return Buffer.concat(shape.map(side => bytesField(2, integerField(1, side))))
}

function argument(name: string, type: number): Buffer {
  return Buffer.concat([textField(1, name), integerField(3, type)])
}

function textEntry(field: number, name: string, value: string): Buffer {
  return bytesField(field, Buffer.concat([textField(1, name), textField(2, value)]))
}
