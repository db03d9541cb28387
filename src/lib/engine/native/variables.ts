/** TensorFlow's resource variables, and the optimizer steps that change them in place. */
import { attribute } from './attribute'
import { execute, nativeEngine, run } from './native-engine'
import { donate, type Tensor } from '../tensor'
import type { AdamStep, AdamUpdate, Handle, MomentumStep, MomentumUpdate } from '../operations'
import { add, scale, times } from './arithmetic'
import { float, scalar } from './attributes'

const { release } = nativeEngine

const dtype = attribute.type('dtype', 'float')
const stepAttributes = [float, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)]
/**
 * TensorFlow's word for a variable without a name (`ResourceHandle::ANONYMOUS_NAME`): it lives as long as its handle.
 * Names would have to differ, and TensorFlow never forgets one: each ResNet50 that trained left 2 MB behind.
 */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347'

const handles = new Set<number>()

export function makeVariable(shape: readonly number[]): Handle {
  const handle = run('VarHandleOp', [
    dtype, attribute.shape('shape', shape), attribute.string('container', ''), attribute.string('shared_name', anonymous)])
  handles.add(handle.id)
  return handle
}

/** Whether a tensor is a variable's handle. @param id its number in the engine */
export function isVariable(id: number): boolean {
  return handles.has(id)
}

export function assign(variable: Handle, value: Tensor): void {
  execute('AssignVariableOp', [dtype], [variable, value], 0)
}

export function valueOf(variable: Handle): Tensor {
  return run('ReadVariableOp', [dtype], variable)
}

export function destroyVariable(variable: Handle): void {
  handles.delete(variable.id)
  release(variable)
}

export function moveTowards(variable: Handle, target: Tensor, share: number): void {
  const rest = scale(donate(valueOf(variable)), 1 - share)
  const next = add(donate(rest), donate(scale(target, share)))
  assign(variable, donate(next))
}

export function shrink(variable: Handle, share: Tensor): void {
  const part = times(donate(valueOf(variable)), share)
  execute('AssignSubVariableOp', [dtype], [variable, donate(part)], 0)
}

export function stepAdam(update: AdamUpdate, step: AdamStep): void {
  const { beta1Power, beta2Power, rate, beta1, beta2, epsilon } = step
  const settings = [beta1Power, beta2Power, rate, scalar(beta1), scalar(beta2), scalar(epsilon)]
  const { variable, momentum, velocity, gradient } = update
  execute('ResourceApplyAdam', stepAttributes, [variable, momentum, velocity, ...settings, gradient], 0)
}

export function stepMomentum(update: MomentumUpdate, step: MomentumStep): void {
  const { variable, momentum, gradient } = update
  execute('ResourceApplyKerasMomentum', stepAttributes, [variable, momentum, step.rate, gradient, scalar(step.share)], 0)
}
