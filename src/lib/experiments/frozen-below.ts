/** Freezing by the depth to which an experiment trains. */
import { freeze } from '../model/freeze'
import type { Model } from '../model/model'
import type { TrainingDepth } from './config'

/** A model whose stages before a depth are frozen. */
export function frozenBelow(model: Model, depth: TrainingDepth): Model {
  const last = { head: 'conv5', conv5: 'conv4', conv4: 'conv3', conv3: 'conv2', conv2: 'stem', all: null } as const
  const through = last[depth]
  return through ? freeze(model, { through }) : model
}
