/** Variables as handles to tensors that operations replace, and the optimizers' steps on TensorFlow.js's operations. */
import { outlive } from '../scope'
import type { Tensor } from '../tensor'
import { composeAll, wasmEngine } from './wasm-engine'
import type { AdamStep, AdamUpdate, Handle, MomentumStep, MomentumUpdate } from '../operations'
import { reshape } from './arithmetic'

const { release } = wasmEngine

/** The current value of each variable, by the handle's id. */
const current = new Map<number, Tensor>()
let variableCount = 0

export function makeVariable(shape: readonly number[]): Handle {
  return { id: variableCount++, shape }
}

export function assign(variable: Handle, value: Tensor): void {
  const next = reshape(value, variable.shape)
  // A variable that cannot be made leaves nothing.
  if (current.has(variable.id)) outlive(next)
  destroyVariable(variable)
  current.set(variable.id, next)
}

export function valueOf(variable: Handle): Tensor {
  return reshape(current.get(variable.id)!, variable.shape)
}

export function destroyVariable({ id }: Handle): void {
  const value = current.get(id)
  if (value) release(value)
  current.delete(id)
}

export function moveTowards(variable: Handle, target: Tensor, share: number): void {
  change([variable], [target], (tf, value, goal) => [tf.add(tf.mul(value, 1 - share), tf.mul(goal, share))])
}

export function shrink(variable: Handle, share: Tensor): void {
  change([variable], [share], (tf, value, part) => [tf.sub(value, tf.mul(value, part))])
}

export function stepAdam(update: AdamUpdate, step: AdamStep): void {
  const { beta1, beta2, epsilon } = step
  const [rateBefore, beta1Power, beta2Power] =
    [step.rate, step.beta1Power, step.beta2Power].map(tensor => wasmEngine.read(tensor)[0])
  const rate = rateBefore * Math.sqrt(1 - beta2Power) / (1 - beta1Power)
  const { variable, momentum, velocity, gradient } = update
  change([variable, momentum, velocity], [gradient], (tf, value, m, v, g) => {
    const mean = tf.add(m, tf.mul(tf.sub(g, m), 1 - beta1))
    const square = tf.add(v, tf.mul(tf.sub(tf.square(g), v), 1 - beta2))
    const next = tf.sub(value, tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), epsilon)))
    return [next, mean, square]
  })
}

export function stepMomentum(update: MomentumUpdate, step: MomentumStep): void {
  const { variable, momentum, gradient } = update
  change([variable, momentum], [gradient, step.rate], (tf, value, m, g, rate) => {
    const velocity = tf.sub(tf.mul(m, step.share), tf.mul(g, rate))
    return [tf.add(value, velocity), velocity]
  })
}

/** Replaces the values of variables. @param make from the current values, then `inputs`, one new value a variable */
function change(
  variables: readonly Handle[], inputs: readonly Tensor[], make: Parameters<typeof composeAll>[1],
): void {
  const before = variables.map(({ id }) => current.get(id)!)
  const after = composeAll([...before, ...inputs], make)
  outlive(...after)
  release(...before)
  variables.forEach(({ id }, i) => current.set(id, after[i]))
}
