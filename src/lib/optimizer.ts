/**
 * The rules by which gradients change variables, with Keras's formulas. State is kept by parameter
 * name, so that it fits whatever set of layers trains.
 */
import { attribute, execute, release, tensor, type Tensor } from './engine'
import { LabError } from './errors'
import { scale } from './kernels'
import { Variable } from './variable'

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

const float = attribute.type('T', 'float')
const plain = [float, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)]

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
        this.slots.set(slot, new Variable(slot, shape, new Float32Array(shape.reduce((product, n) => product * n, 1))))
      }
  }

  /** One step: changes every variable that has a gradient, and releases the gradients. */
  apply(gradients: ReadonlyMap<string, Tensor>, rate: number): void {
    this.step++
    const constants = this.constants(rate)
    for (const [name, gradient] of gradients) {
      this.update(this.variables.get(name)!, gradient, constants, rate)
      release(gradient)
    }
    release(...constants)
  }

  close(): void {
    for (const slot of this.slots.values()) slot.close()
  }

  private update({ name, handle }: Variable, gradient: Tensor, constants: readonly Tensor[], rate: number): void {
    const momentum = this.slots.get(`${name}/momentum`)!.handle
    if (this.config.name === 'sgd') {
      const [rateTensor, share] = constants
      execute('ResourceApplyKerasMomentum', plain, [handle, momentum, rateTensor, gradient, share], 0)
      return
    }
    if (this.config.name === 'adamw' && name.endsWith('/kernel')) this.decay(name, rate * (this.config.decay ?? 0.004))
    const velocity = this.slots.get(`${name}/velocity`)!.handle
    execute('ResourceApplyAdam', plain, [handle, momentum, velocity, ...constants, gradient], 0)
  }

  private decay(name: string, share: number): void {
    const variable = this.variables.get(name)!
    const value = variable.value()
    const lost = scale(value, share)
    release(value)
    execute('AssignSubVariableOp', [attribute.type('dtype', 'float')], [variable.handle, lost], 0)
    release(lost)
  }

  /** The scalars that the update operations take, in their order. */
  private constants(rate: number): Tensor[] {
    const scalar = (value: number) => tensor(new Float32Array([value]), [])
    if (this.config.name === 'sgd') return [rate, this.config.momentum ?? 0].map(scalar)
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = this.config
    return [beta1 ** this.step, beta2 ** this.step, rate, beta1, beta2, epsilon].map(scalar)
  }
}

function checkOptimizer(config: OptimizerConfig): void {
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
