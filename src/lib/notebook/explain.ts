/** Explanations that depend on the data set: a notebook's fixed text says only what holds for any set. */
import type { Dataset } from '../data/dataset'
import { requireOneOf } from '../system/errors'
import { explanations } from './explanations/all'

/** Text that `show` shows as Markdown. */
export interface Prose {
  markdown: string
}

/** What {@link explain} can explain. */
export type Topic = keyof typeof explanations

/**
 * Words about a data set: its own where it is known by name, else those of its modality, else those that hold for any.
 * @throws LabError 'bad-argument' for an unknown topic, naming the nearest
 * @example show(explain(data, 'how to look at the images'))
 */
export function explain(data: Dataset, topic: Topic): Prose {
  requireOneOf('topic', topic, Object.keys(explanations))
  return { markdown: explanations[topic](data) }
}
