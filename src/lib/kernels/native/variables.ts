/** Resource variables, and the steps that change them in place. */
import { attribute, execute, nativeEngine, run } from '../../engine/native'
import { handOver, type Tensor } from '../../engine/tensor'
import type { AdamStep, AdamUpdate, Handle, MomentumUpdate } from '../kernels'
import { add, scale } from './arithmetic'
import { float } from './attributes'

const { release, tensor } = nativeEngine

const dtype = attribute.type('dtype', 'float')
const stepAttributes = [float, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)]
let made = 0

export function makeVariable(name: string, shape: readonly number[]): Handle {
  return run('VarHandleOp', [
    dtype, attribute.shape('shape', shape), attribute.string('container', ''),
    attribute.string('shared_name', `${name}#${made++}`)])
}

export function assign(variable: Handle, value: Tensor): void {
  execute('AssignVariableOp', [dtype], [variable, value], 0)
}

export function valueOf(variable: Handle): Tensor {
  return run('ReadVariableOp', [dtype], variable)
}

export function destroyVariable(variable: Handle): void {
  execute('DestroyResourceOp', [attribute.bool('ignore_lookup_error', false)], [variable], 0)
  release(variable)
}

export function moveTowards(variable: Handle, target: Tensor, share: number): void {
  const kept = scale(handOver(valueOf(variable)), 1 - share)
  const next = add(handOver(kept), handOver(scale(target, share)))
  assign(variable, handOver(next))
}

export function shrink(variable: Handle, share: number): void {
  const lost = scale(handOver(valueOf(variable)), share)
  execute('AssignSubVariableOp', [dtype], [variable, handOver(lost)], 0)
}

export function stepAdam(updates: Iterable<AdamUpdate>, step: AdamStep): void {
  const powers = [step.beta1Power, step.beta2Power].map(scalar)
  const settings = [step.beta1, step.beta2, step.epsilon].map(scalar)
  for (const { variable, momentum, velocity, gradient, rate } of updates) {
    const inputs = [variable, momentum, velocity, ...powers, handOver(scalar(rate)), ...settings, gradient]
    execute('ResourceApplyAdam', stepAttributes, inputs, 0)
  }
  release(...powers, ...settings)
}

export function stepMomentum(updates: Iterable<MomentumUpdate>, share: number): void {
  const kept = scalar(share)
  for (const { variable, momentum, gradient, rate } of updates) {
    const inputs = [variable, momentum, handOver(scalar(rate)), gradient, kept]
    execute('ResourceApplyKerasMomentum', stepAttributes, inputs, 0)
  }
  release(kept)
}

function scalar(value: number): Tensor {
  return tensor(new Float32Array([value]), [])
}
