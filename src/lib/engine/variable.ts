/** A named array of numbers that lives in the engine and that training changes in place. */
import { donate, read, release, tensor, type Tensor } from './engine'
import { operations, type Handle } from './operations-in-use'
import { outlive } from './scope'

export class Variable {
  /** The engine's handle, for operations that change the variable in place. */
  readonly handle: Handle
  private cachedValue: Tensor | null = null

  /**
   * @param name the parameter's name, such as 'conv1_conv/kernel'
   * @param values copied, because the engine may write into the memory that it receives; default zeros
   */
  constructor(readonly name: string, readonly shape: readonly number[], values?: Float32Array) {
    this.handle = operations().makeVariable(shape)
    if (values) this.write(values)
    else operations().assign(this.handle, donate(operations().zeros(shape)))
  }

  /** The current value as a tensor. The variable keeps it until `releaseValue`; the caller must not release it. */
  value(): Tensor {
    if (!this.cachedValue) outlive(this.cachedValue = operations().valueOf(this.handle))
    return this.cachedValue
  }

  /** Releases the tensor of `value`. Call it before the variable changes: otherwise the engine copies the numbers. */
  releaseValue(): void {
    if (this.cachedValue) release(this.cachedValue)
    this.cachedValue = null
  }

  write(values: Float32Array): void {
    this.releaseValue()
    operations().assign(this.handle, donate(tensor(values.slice(), this.shape)))
  }

  /** The current value as plain numbers. */
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
