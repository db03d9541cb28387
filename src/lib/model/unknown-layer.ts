/** The error for a layer name that a model does not have. */
import { LabError, nearest } from '../system/errors'

/**
 * @param received the name that was asked for
 * @param names those the model has; the error names the three nearest
 * @param what kind of layer was expected, such as 'a convolution'
 */
export function unknownLayer(received: string, names: readonly string[], what: string): LabError {
  return new LabError('unknown-layer', {
    expected: `${what} of the model, such as ${nearest(received, names).join(', ')}`,
    received,
    remedy: 'show(tables.layers(model)) lists them all',
  })
}
