/** Adam, AdamW and stochastic gradient descent with Keras's formulas. Slots are stored by parameter name. */
import { donate, type Tensor } from '../engine/engine'
import { requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import {
  operations, type AdamStep, type AdamUpdate, type Handle, type MomentumUpdate,
} from '../engine/operations-in-use'
import { Variable } from '../engine/variable'

/**
 * 'adam': Kingma and Ba 2015. As in Keras, ε is added outside the bias correction's root. Defaults: beta1 .9, beta2
 * .999, epsilon 1e-7.
 * 'adamw': Adam with decoupled weight decay (Loshchilov and Hutter 2019): each step shrinks kernels by rate · decay;
 * biases and batch normalization's parameters do not decay. Default decay .004.
 * 'sgd': stochastic gradient descent with momentum, by default 0.
 *
 * Rates are from 0 to 100, all other numbers from 0 to 1.
 */
export type OptimizerConfig =
  | { name: 'adam'; rate: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'adamw'; rate: number; decay?: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'sgd'; rate: number; momentum?: number }

type AdamConfig = Exclude<OptimizerConfig, { name: 'sgd' }>

/** Updates variables by their gradients. Occupies the engine's memory until it is closed. */
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
   * One step. Each variable is updated as soon as its gradient arrives, and the gradient is released at once: all
   * gradients together would need as much memory as the weights.
   * @param gradients by parameter name, as from `Network.backward`
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

/** @throws LabError 'bad-argument' naming the setting that is out of range */
export function checkOptimizer(config: OptimizerConfig): void {
  // An object without a name, or none at all, is refused as such.
  requireOneOf('optimizer.name', config?.name, ['adam', 'adamw', 'sgd'])
  checkNames(config)
  requireInRange('optimizer.rate', config.rate, { low: 0, high: 100 })
  const { momentum, beta1, beta2, epsilon, decay } = config as Partial<Record<string, unknown>>
  const shares = config.name === 'sgd' ? { momentum }
    : config.name === 'adam' ? { beta1, beta2, epsilon } : { beta1, beta2, epsilon, decay }
  for (const [name, value] of Object.entries(shares))
    if (value !== undefined) requireInRange(`optimizer.${name}`, value, { low: 0, high: 1 })
}

function checkNames(config: OptimizerConfig): void {
  const adam = { name: true, rate: true, beta1: true, beta2: true, epsilon: true } as const
  switch (config.name) {
    case 'adam': return requireKnownKeys("optimizer 'adam'", config, adam)
    case 'adamw': return requireKnownKeys("optimizer 'adamw'", config, { ...adam, decay: true })
    case 'sgd': return requireKnownKeys("optimizer 'sgd'", config, { name: true, rate: true, momentum: true })
  }
}
