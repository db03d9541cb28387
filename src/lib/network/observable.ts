/** Which layers' outputs can be looked at. */
import { LabError, nearest } from '../system/errors'

/** @throws LabError 'unknown-layer' naming the nearest layers that there are */
export function requireObservable(names: readonly string[], observable: readonly string[]): void {
  for (const name of names)
    if (!observable.includes(name))
      throw new LabError('unknown-layer', {
        expected: `a layer whose output can be looked at, such as ${nearest(name, observable).join(', ')}`,
        received: name,
        remedy: 'show(tables.layers(model)) lists the layers; padding has no output of its own',
      })
}
