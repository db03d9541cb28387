/**
 * Work that the engine runs as one call where that is faster, such as a training step.
 *
 * A step of ResNet50 is about a thousand operations. A processor does not notice the calls; a graphics card waits for
 * them. For each shape of its inputs, the work is recorded once, and the recording becomes a function of the engine.
 */
import type { LabError } from '../system/errors'
import { notice } from '../system/notice'
import { variable } from '../system/variable'
import { engineInUse, type Tensor } from './engine'
import { CompiledFunction, compiles, type Work } from './native/compiled'

/** Whether the engine runs work as one call: the variable LAB_STEP says so, or else the device does. */
export function runsAsOneCall(): boolean {
  return engineInUse() === 'native' && compiles()
}

export class OneCall {
  /** By the shapes of the inputs; null where the engine could not make or run the function. */
  private readonly functions = new Map<string, CompiledFunction | null>()

  /**
   * @param work reads only its inputs, variables whose values nobody has read before, and constants; it makes tensors
   *   by operations only, and reads no numbers
   */
  constructor(private readonly work: Work) {}

  /**
   * @param inputs of float32 numbers; the caller releases them, as it does the outputs
   * @returns null where the engine cannot make or run the function, as a notice says; then no variable has changed
   * @throws LabError 'engine-failed' in place of null, where LAB_STEP asks for functions; 'too-large'
   */
  run(inputs: readonly Tensor[]): readonly Tensor[] | null {
    const shapes = inputs.map(({ shape }) => shape.join('×')).join()
    const known = this.functions.get(shapes)
    return known ? known.call(inputs) : known === null ? null : this.firstRun(shapes, inputs)
  }

  private firstRun(shapes: string, inputs: readonly Tensor[]): readonly Tensor[] | null {
    let made: CompiledFunction | null = null
    try {
      made = new CompiledFunction(this.work, inputs)
      const outputs = made.call(inputs)
      this.functions.set(shapes, made)
      return outputs
    } catch (fault) {
      made?.close()
      if ((fault as LabError).code !== 'engine-failed' || variable('LAB_STEP')) throw fault
      this.functions.set(shapes, null)
      notice(`The engine runs each operation by a call of its own, which is slower: ${(fault as LabError).received}`)
      return null
    }
  }

  /** How many operations the calls run, the function that was made first first. */
  get operations(): number[] {
    return [...this.functions.values()].map(one => one?.operations ?? 0)
  }

  close(): void {
    for (const one of this.functions.values()) one?.close()
    this.functions.clear()
  }
}
