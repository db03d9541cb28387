/** Adam, AdamW and stochastic gradient descent with Keras's formulas. Slots are stored by parameter name. */
import { donate, release, tensor, type Tensor } from '../engine/engine'
import { requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { operations, type Handle } from '../engine/operations-in-use'
import { Variable } from '../engine/variable'
import { stages, type Stage } from '../model/architecture'

/**
 * 'adam': Kingma and Ba 2015. As in Keras, ε is added outside the bias correction's root. Defaults: beta1 .9, beta2
 * .999, epsilon 1e-7.
 * 'adamw': Adam with decoupled weight decay (Loshchilov and Hutter 2019): each step shrinks kernels by rate · decay;
 * biases and batch normalization's parameters do not decay. Default decay .004.
 * 'sgd': stochastic gradient descent with momentum, by default 0.
 *
 * Rates are from 0 to 100, all other numbers from 0 to 1.
 *
 * `stageRates`: factors on the rate by stage, default 1 for each. Early stages, which hold what any picture needs, can
 * so learn more slowly than late ones (discriminative fine-tuning, Howard and Ruder 2018): see `fallingRates`.
 */
export type OptimizerConfig = { stageRates?: StageRates } & (
  | { name: 'adam'; rate: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'adamw'; rate: number; decay?: number; beta1?: number; beta2?: number; epsilon?: number }
  | { name: 'sgd'; rate: number; momentum?: number }
)

/** Factors on the learning rate by stage, 0 to 1. A stage that is left out has 1. */
export type StageRates = Partial<Record<Stage, number>>

/**
 * Factors that fall from the head to the stem: 1 for the head, 1 / `factor` for conv5, 1 / `factor`² for conv4, …
 * @param factor 1 or more. Default 2.6, as Howard and Ruder (2018) found it for language models
 * @example fallingRates(2).conv4   // 0.25
 */
export function fallingRates(factor = 2.6): Record<Stage, number> {
  requireInRange('factor', factor, { low: 1, high: 1000 })
  const last = stages.length - 1
  return Object.fromEntries(stages.map((stage, i) => [stage, factor ** (i - last)])) as Record<Stage, number>
}

/** The numbers of a step that change from step to step, each as a tensor. */
interface StepNumbers {
  /** β₁ᵗ and β₂ᵗ; none for gradient descent. */
  powers: readonly Tensor[]
  /** By the factor on the learning rate. */
  rates: ReadonlyMap<number, { rate: Tensor; decay?: Tensor }>
}

/** Updates variables by their gradients. Occupies the engine's memory until it is closed. */
export class Optimizer {
  /** Steps taken so far. */
  step = 0
  /** Running averages by name: '<parameter>/momentum', '<parameter>/velocity'. */
  readonly slots = new Map<string, Variable>()
  /** The different factors on the learning rate. */
  private readonly factors: readonly number[]

  /** @param stageOf the stage of each variable, by its name; needed where the config has `stageRates` */
  constructor(
    private readonly config: OptimizerConfig, private readonly variables: ReadonlyMap<string, Variable>,
    private readonly stageOf: ReadonlyMap<string, Stage> = new Map(),
  ) {
    checkOptimizer(config)
    this.factors = [...new Set([...variables.keys()].map(name => this.factorOf(name)))]
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
    const numbers = this.nextSettings(rate)
    const settings = tensor(numbers, [numbers.length])
    try {
      this.step++
      this.update(gradients, settings)
    } finally {
      release(settings)
    }
  }

  /** Those numbers of the next step that change from step to step: the settings of `update`. */
  nextSettings(rate: number): Float32Array {
    const { config } = this, step = this.step + 1
    const rates = this.factors.map(factor => rate * factor)
    if (config.name === 'sgd') return Float32Array.from(rates)
    const { beta1 = 0.9, beta2 = 0.999 } = config
    const decays = config.name === 'adamw' ? rates.map(one => one * (config.decay ?? 0.004)) : []
    return Float32Array.from([beta1 ** step, beta2 ** step, ...rates, ...decays])
  }

  /** The engine's part of a step, which the caller counts. @param settings from `nextSettings`, as a vector */
  update(gradients: Iterable<readonly [string, Tensor]>, settings: Tensor): void {
    const scalars = operations().numbersOf(settings)
    try {
      const numbers = this.numbersOf(scalars)
      for (const [name, gradient] of gradients) this.updateVariable(name, gradient, numbers)
    } finally {
      release(...scalars)
    }
  }

  close(): void {
    for (const slot of this.slots.values()) slot.close()
  }

  private updateVariable(name: string, gradient: Tensor, { powers, rates }: StepNumbers): void {
    const { config } = this
    const variable = this.variables.get(name)!, { rate, decay } = rates.get(this.factorOf(name))!
    variable.releaseValue()
    const update = { variable: variable.handle, momentum: this.slot(name, 'momentum'), gradient: donate(gradient) }
    if (config.name === 'sgd')
      return operations().stepMomentum(update, { rate, share: config.momentum ?? 0 })
    if (decay && name.endsWith('/kernel')) operations().shrink(update.variable, decay)
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = config
    operations().stepAdam({ ...update, velocity: this.slot(name, 'velocity') },
      { rate, beta1, beta2, epsilon, beta1Power: powers[0], beta2Power: powers[1] })
  }

  /** Names the numbers of `nextSettings`. */
  private numbersOf(scalars: readonly Tensor[]): StepNumbers {
    const powers = this.config.name === 'sgd' ? [] : scalars.slice(0, 2), rest = scalars.slice(powers.length)
    const { factors } = this, decays = rest.slice(factors.length)
    return { powers, rates: new Map(factors.map((factor, i) => [factor, { rate: rest[i], decay: decays[i] }])) }
  }

  /** The factor on the learning rate of a variable. */
  private factorOf(name: string): number {
    return this.config.stageRates?.[this.stageOf.get(name)!] ?? 1
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
  const adam = { name: true, rate: true, stageRates: true, beta1: true, beta2: true, epsilon: true } as const
  if (config.stageRates !== undefined) checkStageRates(config.stageRates)
  switch (config.name) {
    case 'adam': return requireKnownKeys("optimizer 'adam'", config, adam)
    case 'adamw': return requireKnownKeys("optimizer 'adamw'", config, { ...adam, decay: true })
    case 'sgd':
      return requireKnownKeys("optimizer 'sgd'", config, { name: true, rate: true, momentum: true, stageRates: true })
  }
}

function checkStageRates(stageRates: StageRates): void {
  requireKnownKeys('optimizer.stageRates', stageRates,
    { stem: true, conv2: true, conv3: true, conv4: true, conv5: true, head: true })
  for (const [stage, factor] of Object.entries(stageRates))
    requireInRange(`optimizer.stageRates.${stage}`, factor, { low: 0, high: 1 })
}
