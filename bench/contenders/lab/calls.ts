/** How often this library calls TensorFlow, and how it runs a step. */
import { engineInUse } from '../../../src/lib/engine/engine'
import { capabilities, loadBinding, type Steps } from '../../../src/lib/engine/native/binding'

/**
 * The binding's functions that hand work or numbers to TensorFlow, or fetch numbers from it. On a card each of them
 * makes the host wait. Releasing a tensor does not.
 */
const calls = ['executeOp', 'createTensor', 'tensorDataSync'] as const

/** How a step runs: 'eager', or as one call, which the graph executor runs ('graph') or XLA compiles ('xla'). */
export function stepsInUse(): Steps {
  return engineInUse() === 'native' ? capabilities().steps : 'eager'
}

/** How often `run` calls TensorFlow; null on an engine without the native binding. */
export function countCalls(run: () => unknown): number | null {
  if (engineInUse() !== 'native') return null
  const loaded = loadBinding(), { binding } = loaded
  let count = 0
  const counting = (name: typeof calls[number]) => {
    const call = binding[name] as (...words: unknown[]) => unknown
    return { value: (...words: unknown[]) => (count++, call(...words)) }
  }
  const functions = Object.fromEntries(calls.map(name => [name, counting(name)]))
  loaded.binding = Object.create(binding, functions) as typeof binding
  try {
    run()
    return count
  } finally {
    loaded.binding = binding
  }
}
