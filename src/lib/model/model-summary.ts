/** A model in a few words. */
import { counted, withSummary } from '../system/summary'
import type { Model } from './model'
import { countParameters } from './parameter-count'

/** The model itself, which now prints as a summary. */
export function summarizedModel(model: Model): Model {
  return withSummary(model, describe, 'show(x)')
}

function describe(model: Model): string {
  const { name, labels, size, start, frozen, architecture } = model
  const { total, trainable } = countParameters(model)
  const classes = labels.length > 8 ? counted(labels.length, 'class').replace(/s$/, 'es') : labels.join(', ')
  return `Model: ${name} for images of ${size} × ${size} pixels, start weights: ${start}\nClasses: ${classes}\n`
    + `${counted(architecture.layers.length, 'layer')}, ${frozen.size} of them frozen; `
    + `${counted(total, 'number')}, of which ${trainable.toLocaleString('en-US')} train`
}
