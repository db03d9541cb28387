/** TensorFlow's resource variables, and the optimizer steps that change them in place. */
import { attribute } from './attribute'
import { execute, nativeEngine, run } from './native-engine'
import { donate, type Tensor } from '../tensor'
import type { AdamStep, AdamUpdate, Handle, MomentumUpdate } from '../operations'
import { add, scale } from './arithmetic'
import { float } from './attributes'

const { release, tensor } = nativeEngine

const dtype = attribute.type('dtype', 'float')
const stepAttributes = [float, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)]
/**
 * TensorFlow's word for a variable without a name (`ResourceHandle::ANONYMOUS_NAME`): it lives as long as its handle.
 * Names would have to differ, and TensorFlow never forgets one: each ResNet50 that trained left 2 MB behind.
 */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347'

export function makeVariable(shape: readonly number[]): Handle {
  return run('VarHandleOp', [
    dtype, attribute.shape('shape', shape), attribute.string('container', ''), attribute.string('shared_name', anonymous)])
}

export function assign(variable: Handle, value: Tensor): void {
  execute('AssignVariableOp', [dtype], [variable, value], 0)
}

export function valueOf(variable: Handle): Tensor {
  return run('ReadVariableOp', [dtype], variable)
}

export function destroyVariable(variable: Handle): void {
  release(variable)
}

export function moveTowards(variable: Handle, target: Tensor, share: number): void {
  const rest = scale(donate(valueOf(variable)), 1 - share)
  const next = add(donate(rest), donate(scale(target, share)))
  assign(variable, donate(next))
}

export function shrink(variable: Handle, share: number): void {
  const part = scale(donate(valueOf(variable)), share)
  execute('AssignSubVariableOp', [dtype], [variable, donate(part)], 0)
}

export function stepAdam(updates: Iterable<AdamUpdate>, step: AdamStep): void {
  const { beta1Power, beta2Power, rate, beta1, beta2, epsilon } = step
  const settings = [beta1Power, beta2Power, rate, beta1, beta2, epsilon].map(scalar)
  try {
    for (const { variable, momentum, velocity, gradient } of updates)
      execute('ResourceApplyAdam', stepAttributes, [variable, momentum, velocity, ...settings, gradient], 0)
  } finally {
    release(...settings)
  }
}

export function stepMomentum(updates: Iterable<MomentumUpdate>, step: { rate: number; share: number }): void {
  const [rate, share] = [step.rate, step.share].map(scalar)
  try {
    for (const { variable, momentum, gradient } of updates)
      execute('ResourceApplyKerasMomentum', stepAttributes, [variable, momentum, rate, gradient, share], 0)
  } finally {
    release(rate, share)
  }
}

function scalar(value: number): Tensor {
  return tensor(new Float32Array([value]), [])
}
