/** A model's parameters as the layers of a network use them: plain numbers, or variables in the engine. */
import { operations } from '../engine/operations-in-use'
import { Variable } from '../engine/variable'
import { parameters } from '../model/architecture'
import type { Model } from '../model/model'
import type { NormalizationSpec } from './layer-graph'

export class LayerParameters {
  private readonly shapes: ReadonlyMap<string, readonly number[]>

  constructor(private readonly model: Model) {
    this.shapes = new Map(parameters(model.architecture).map(({ name, shape }) => [name, shape]))
  }

  /** The model's own array. @param name such as 'conv1_conv/kernel' */
  numbers(name: string): Float32Array {
    return this.model.weights.get(name)!
  }

  /** @param values default the model's own */
  variable(name: string, values = this.numbers(name)): Variable {
    return new Variable(name, this.shapes.get(name) ?? [values.length], values)
  }

  /** A convolution's kernel [k, k, in, out], in the shape in which the engine is fastest. */
  kernel(convolution: string, values = this.numbers(`${convolution}/kernel`)): Variable {
    const name = `${convolution}/kernel`
    return new Variable(name, operations().kernelShape(this.shapes.get(name)!), values)
  }

  /** Batch normalization in inference mode as y = scale · x + shift, one number of each a channel. */
  scaleAndShift({ name, epsilon }: NormalizationSpec): { scale: Float32Array; shift: Float32Array } {
    const [gamma, beta, mean, variance] =
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(part => this.numbers(`${name}/${part}`))
    const scale = gamma.map((value, i) => value / Math.sqrt(variance[i] + epsilon))
    return { scale, shift: beta.map((value, i) => value - mean[i] * scale[i]) }
  }
}
