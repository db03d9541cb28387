/**
 * Work that the engine runs as one call where that is faster, such as a training step.
 *
 * A step of ResNet50 is about a thousand operations. A processor does not notice the calls; a graphics card waits for
 * them. For each shape of its inputs, the work is recorded once, and the recording becomes a function of the engine.
 */
import { LabError } from '../system/errors'
import { engineInUse, releasingOnFailure, type Tensor } from './engine'
import { CompiledFunction, compiles, type Work } from './native/compiled'

/** Whether the engine runs work as one call: the variable LAB_STEP says so, or else the device does. */
export function runsAsOneCall(): boolean {
  return engineInUse() === 'native' && compiles()
}

export class OneCall {
  /** By what is done, and the shapes of the inputs. */
  private readonly functions = new Map<string, CompiledFunction>()

  /**
   * @param work reads only its inputs, variables whose values nobody has read before, and constants; it makes tensors
   *   by operations only, and reads no numbers
   */
  constructor(private readonly work: Work) {}

  /**
   * @param inputs of float32 numbers; the caller releases them, as it does the outputs
   * @param kind what the work does, where it does not always do the same
   * @throws LabError 'too-large'; 'engine-failed' if the engine cannot make or run the function: variables may have
   *   changed
   */
  run(inputs: readonly Tensor[], kind = ''): readonly Tensor[] {
    const key = `${kind} ${inputs.map(({ shape }) => shape.join('×')).join()}`
    try {
      const made = this.functions.get(key) ?? releasingOnFailure(() => new CompiledFunction(this.work, inputs))
      this.functions.set(key, made)
      return made.call(inputs)
    } catch (fault) {
      if (!(fault instanceof LabError) || fault.code !== 'engine-failed') throw fault
      throw new LabError('engine-failed', {
        ...fault, remedy: 'Set LAB_STEP=eager: each operation then runs by a call of its own',
      })
    }
  }

  close(): void {
    for (const one of this.functions.values()) one.close()
    this.functions.clear()
  }
}
