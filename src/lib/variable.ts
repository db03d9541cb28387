/** A named array of numbers that lives in the engine and that training can change in place. */
import { handOver, read, release, tensor, type Tensor } from './engine'
import { kernels, type Handle } from './kernels'

export class Variable {
  /** The engine's handle, for operations that update the variable in place. */
  readonly handle: Handle

  /**
   * @param name the parameter's name, such as 'conv1_conv/kernel'
   * @param values copied: the engine may write into the memory it is given
   */
  constructor(readonly name: string, readonly shape: readonly number[], values: Float32Array) {
    this.handle = kernels().makeVariable(name, shape)
    this.write(values)
  }

  /** The current value as a tensor. Release it before the variable changes, or the change copies it. */
  value(): Tensor {
    return kernels().valueOf(this.handle)
  }

  write(values: Float32Array): void {
    kernels().assign(this.handle, handOver(tensor(values.slice(), this.shape)))
  }

  numbers(): Float32Array {
    const value = this.value()
    const numbers = read(value)
    release(value)
    return numbers
  }

  close(): void {
    kernels().destroyVariable(this.handle)
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
