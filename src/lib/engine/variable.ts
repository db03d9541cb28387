/** A named array of numbers that lives in the engine and that training can change in place. */
import { donate, read, release, tensor, type Tensor } from './engine'
import { operations, type Handle } from './operations-in-use'

export class Variable {
  /** The engine's handle, for operations that update the variable in place. */
  readonly handle: Handle
  private held: Tensor | null = null

  /**
   * @param name the parameter's name, such as 'conv1_conv/kernel'
   * @param values copied: the engine may write into the memory it is given. Default zeros.
   */
  constructor(readonly name: string, readonly shape: readonly number[], values?: Float32Array) {
    this.handle = operations().makeVariable(name, shape)
    if (values) this.write(values)
    else operations().assign(this.handle, donate(operations().zeros(shape)))
  }

  /** The current value, read once until `releaseValue`. Not to be released. */
  value(): Tensor {
    return (this.held ??= operations().valueOf(this.handle))
  }

  /** Gives the value that was read back. Before the variable changes, or the engine would copy it first. */
  releaseValue(): void {
    if (this.held) release(this.held)
    this.held = null
  }

  write(values: Float32Array): void {
    this.releaseValue()
    operations().assign(this.handle, donate(tensor(values.slice(), this.shape)))
  }

  numbers(): Float32Array {
    const value = operations().valueOf(this.handle)
    const numbers = read(value)
    release(value)
    return numbers
  }

  close(): void {
    this.releaseValue()
    operations().destroyVariable(this.handle)
  }
}
