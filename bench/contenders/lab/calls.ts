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
  return callsDuring(run).filter(([name]) => (calls as readonly string[]).includes(name)).length
}

const watched = [...calls, 'deleteTensor', 'addFunction', 'removeFunction'] as const

/** The calls into the binding during some work: the function's name, then its arguments. */
export function callsDuring(work: () => unknown): [string, ...unknown[]][] {
  const loaded = loadBinding(), { binding } = loaded, made: [string, ...unknown[]][] = []
  loaded.binding = Object.create(binding, Object.fromEntries(watched.map(name => [name, {
    value(...inputs: never[]): unknown {
      made.push([name, ...inputs])
      return (binding[name] as (...all: never[]) => unknown)(...inputs)
    },
  }]))) as typeof binding
  try {
    work()
    return made
  } finally {
    loaded.binding = binding
  }
}
