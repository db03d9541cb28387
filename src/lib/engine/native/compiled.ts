/** Work that runs as one call: a recording of it becomes a function of TensorFlow. */
import { createHash } from 'node:crypto'
import type { Tensor } from '../tensor'
import { attribute } from './attribute'
import { constantOf, type Constant } from './attributes'
import { capabilities, loadBinding } from './binding'
import { engineFailure } from './failure'
import { functionDefinition } from './function-definition'
import { execute, nativeEngine } from './native-engine'
import { notRecordable, recordingOf } from './recording'
import { isVariable } from './variables'

export type Work = (inputs: readonly Tensor[]) => readonly Tensor[]

/** Whether work is to run as one call: see `Capabilities.steps`. */
export function compiles(): boolean {
  return capabilities().steps !== 'eager'
}

/** A function of TensorFlow, for inputs of one shape each. */
export class CompiledFunction {
  private readonly name: string
  private readonly variables: readonly Tensor[]
  private readonly outputs: number

  /**
   * Records `work` and adds the function. No variable changes.
   * @param inputs such as the function will be called with
   */
  constructor(work: Work, inputs: readonly Tensor[]) {
    const { operations, result } = recordingOf(() => work(inputs))
    const outputs = result.map(({ id }) => id), computed = new Set(operations.flatMap(({ outputs: made }) => made))
    if (!outputs.every(id => computed.has(id))) throw notRecordable('an output that no operation of the work made')
    if (new Set(outputs).size < outputs.length) throw notRecordable('one tensor as two outputs')
    nativeEngine.release(...result)
    const made = new Set([...inputs.map(({ id }) => id), ...computed])
    const constants = new Map<number, Constant>(), variables = new Set<number>()
    for (const { operation, inputs: read } of operations)
      for (const id of read) {
        const constant = constantOf(id)
        if (constant) constants.set(id, constant)
        else if (isVariable(id)) variables.add(id)
        else if (!made.has(id)) throw notRecordable(`${operation} with another tensor`)
      }
    this.name = addFunction(name =>
      functionDefinition({ name, operations, inputs, variables: [...variables], constants, outputs }))
    this.variables = [...variables].map(id => ({ id, shape: [] }))
    this.outputs = outputs.length
  }

  call(inputs: readonly Tensor[]): Tensor[] {
    return execute(this.name, callAttributes(), [...inputs, ...this.variables], this.outputs)
  }

  close(): void {
    removeFunction(this.name)
  }
}

/** How many use each function of TensorFlow, by its name. Networks of the same kind share one. */
const users = new Map<string, number>()

/** Adds a function where TensorFlow does not have it yet; its name is a hash of what it does. */
function addFunction(definition: (name: string) => Uint8Array): string {
  const hash = createHash('sha256').update(definition('')).digest('hex').slice(0, 32)
  // The binding knows by the name what XLA compiles.
  const name = capabilities().steps === 'xla' ? `lab_xla_${hash}` : `lab_${hash}`
  const count = users.get(name)
  if (count === undefined)
    try {
      loadBinding().binding.addFunction!(definition(name))
    } catch (fault) {
      throw engineFailure('TensorFlow to take a function', fault, [])
    }
  users.set(name, (count ?? 0) + 1)
  return name
}

/** Removes a function with its last user. XLA never forgets what it compiled: its functions stay for the next user. */
function removeFunction(name: string): void {
  const count = users.get(name)! - 1
  users.set(name, count)
  if (count > 0 || capabilities().steps === 'xla') return
  users.delete(name)
  loadBinding().binding.removeFunction!(name)
}

function callAttributes() {
  return capabilities().steps === 'xla' ? [attribute.bool('_XlaMustCompile', true)] : []
}
