/** A named array of numbers that lives in the engine and that training can change in place. */
import { handOver, read, release, tensor, type Tensor } from './engine'
import { kernels, type Handle } from './operations-in-use'

export class Variable {
  /** The engine's handle, for operations that update the variable in place. */
  readonly handle: Handle
  private held: Tensor | null = null

  /**
   * @param name the parameter's name, such as 'conv1_conv/kernel'
   * @param values copied: the engine may write into the memory it is given. Default zeros.
   */
  constructor(readonly name: string, readonly shape: readonly number[], values?: Float32Array) {
    this.handle = kernels().makeVariable(name, shape)
    if (values) this.write(values)
    else kernels().assign(this.handle, handOver(kernels().zeros(shape)))
  }

  /** The current value, read once until `letGo`. Not to be released. */
  value(): Tensor {
    return (this.held ??= kernels().valueOf(this.handle))
  }

  /** Gives the value that was read back. Before the variable changes, or the engine would copy it first. */
  letGo(): void {
    if (this.held) release(this.held)
    this.held = null
  }

  write(values: Float32Array): void {
    this.letGo()
    kernels().assign(this.handle, handOver(tensor(values.slice(), this.shape)))
  }

  numbers(): Float32Array {
    const value = kernels().valueOf(this.handle)
    const numbers = read(value)
    release(value)
    return numbers
  }

  close(): void {
    this.letGo()
    kernels().destroyVariable(this.handle)
  }
}
