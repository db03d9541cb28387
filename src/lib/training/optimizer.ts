/**
 * The rules by which gradients change variables, with Keras's formulas. State is kept by parameter
 * name, so that it fits whatever set of layers trains.
 */
import { donate, type Tensor } from '../engine/engine'
import { LabError } from '../system/errors'
import {
  operations, type AdamStep, type AdamUpdate, type Handle, type MomentumUpdate,
} from '../engine/operations-in-use'
import { Variable } from '../engine/variable'

/**
 * 'adam': Kingma and Ba 2015, ε added outside the bias correction's root as Keras has it.
 * 'adamw': the same with decoupled weight decay (Loshchilov and Hutter 2019): kernels shrink by rate · decay a step;
 * biases and batch normalization do not.
 * 'sgd': stochastic gradient descent with momentum.
 */
export type OptimizerConfig =
  | { name: 'adam'; rate: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'adamw'; rate: number; decay?: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'sgd'; rate: number; momentum?: number }

type AdamConfig = Exclude<OptimizerConfig, { name: 'sgd' }>

/** Changes variables by their gradients, and remembers what it needs between steps. */
export class Optimizer {
  /** Steps taken so far. */
  step = 0
  /** Running averages by name: '<parameter>/momentum', '<parameter>/velocity'. */
  readonly slots = new Map<string, Variable>()

  constructor(private readonly config: OptimizerConfig, private readonly variables: ReadonlyMap<string, Variable>) {
    checkOptimizer(config)
    const kinds = config.name === 'sgd' ? ['momentum'] : ['momentum', 'velocity']
    for (const [name, { shape }] of variables)
      for (const kind of kinds) {
        const slot = `${name}/${kind}`
        this.slots.set(slot, new Variable(slot, shape))
      }
  }

  /**
   * One step: changes each variable as soon as its gradient is there, and releases the gradient, so that they are never
   * all in memory.
   * @param gradients by parameter name, as `Network.backward` gives them
   */
  apply(gradients: Iterable<readonly [string, Tensor]>, rate: number): void {
    this.step++
    const { config } = this
    if (config.name === 'sgd')
      operations().stepMomentum(this.updates(gradients), { rate, share: config.momentum ?? 0 })
    else operations().stepAdam(this.adamUpdates(gradients, rate), this.adamStep(config, rate))
  }

  close(): void {
    for (const slot of this.slots.values()) slot.close()
  }

  private *updates(gradients: Iterable<readonly [string, Tensor]>): Generator<MomentumUpdate & { name: string }> {
    for (const [name, gradient] of gradients) {
      const variable = this.variables.get(name)!
      variable.releaseValue()
      yield { name, variable: variable.handle, momentum: this.slot(name, 'momentum'), gradient: donate(gradient) }
    }
  }

  private *adamUpdates(gradients: Iterable<readonly [string, Tensor]>, rate: number): Generator<AdamUpdate> {
    const { config } = this
    const decay = config.name === 'adamw' ? rate * (config.decay ?? 0.004) : 0
    for (const { name, ...update } of this.updates(gradients)) {
      if (decay && name.endsWith('/kernel')) operations().shrink(update.variable, decay)
      yield { ...update, velocity: this.slot(name, 'velocity') }
    }
  }

  private adamStep({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamConfig, rate: number): AdamStep {
    return { rate, beta1, beta2, epsilon, beta1Power: beta1 ** this.step, beta2Power: beta2 ** this.step }
  }

  private slot(name: string, kind: 'momentum' | 'velocity'): Handle {
    return this.slots.get(`${name}/${kind}`)!.handle
  }
}

/** @throws LabError 'bad-argument' naming the setting */
export function checkOptimizer(config: OptimizerConfig): void {
  const within = (name: string, value: number | undefined, low: number, high: number) => {
    if (value === undefined || (value >= low && value <= high)) return
    throw new LabError('bad-argument', {
      expected: `optimizer ${name} from ${low} to ${high}`, received: String(value), remedy: `Change optimizer.${name}`,
    })
  }
  if (!['adam', 'adamw', 'sgd'].includes(config.name))
    throw new LabError('bad-argument', {
      expected: "optimizer name 'adam', 'adamw' or 'sgd'", received: String(config.name), remedy: 'Choose one of them',
    })
  within('rate', config.rate, 0, 100)
  if (config.name === 'sgd') return within('momentum', config.momentum, 0, 1)
  within('beta1', config.beta1, 0, 1)
  within('beta2', config.beta2, 0, 1)
  within('epsilon', config.epsilon, 0, 1)
  if (config.name === 'adamw') within('decay', config.decay, 0, 1)
}
