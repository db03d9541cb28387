/** A named array of numbers that lives in the engine and that training can change in place. */
import { attribute, execute, read, release, run, tensor, type Tensor } from './engine'

const dtype = attribute.type('dtype', 'float')
let made = 0

export class Variable {
  /** The engine's handle, for operations that update the variable in place. */
  readonly handle: Tensor

  /**
   * @param name the parameter's name, such as 'conv1_conv/kernel'
   * @param values copied: the engine may write into the memory it is given
   */
  constructor(readonly name: string, readonly shape: readonly number[], values: Float32Array) {
    this.handle = run('VarHandleOp', [
      dtype, attribute.shape('shape', shape), attribute.string('container', ''),
      attribute.string('shared_name', `${name}#${made++}`)])
    this.write(values)
  }

  /** The current value as a tensor. Release it before the variable changes, or the change copies it. */
  value(): Tensor {
    return run('ReadVariableOp', [dtype], this.handle)
  }

  assign(value: Tensor): void {
    execute('AssignVariableOp', [dtype], [this.handle, value], 0)
  }

  write(values: Float32Array): void {
    const copied = tensor(values.slice(), this.shape)
    this.assign(copied)
    release(copied)
  }

  numbers(): Float32Array {
    const value = this.value()
    const numbers = read(value)
    release(value)
    return numbers
  }

  close(): void {
    execute('DestroyResourceOp', [attribute.bool('ignore_lookup_error', false)], [this.handle], 0)
    release(this.handle)
  }
}

/** Hands the values of variables to a function and releases them afterwards. */
export function withValues<Result>(variables: readonly Variable[], use: (...values: Tensor[]) => Result): Result {
  const values = variables.map(variable => variable.value())
  try {
    return use(...values)
  } finally {
    release(...values)
  }
}
