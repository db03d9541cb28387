/** A split and its parts in a few words. */
import { counted, withSummary } from '../../system/summary'
import type { Dataset } from '../dataset'
import { classCounts } from '../dataset-summary'

interface Part {
  dataset: Dataset
  role: string
  indices: readonly number[]
}

interface Split {
  dataset: Dataset
  description: string
  train: Part
  validation: Part
  test: Part
  warning: string | null
}

/** The part itself, which now prints as a summary. */
export function summarizedPart<Some extends Part>(part: Some): Some {
  return withSummary(part, ({ dataset, role }) => `Part for ${role} of ${dataset.title}\n${counts(part)}`,
    'show(await figures.exampleGrid(x.dataset, x.indices.slice(0, 12), { name: \'part\', title: \'Images\' }))')
}

/** The split itself, which now prints as a summary. */
export function summarizedSplit<Some extends Split>(split: Some): Some {
  return withSummary(split, ({ dataset, description, train, validation, test, warning }) => [
    `Split of ${dataset.title}. ${description}`,
    `train: ${counts(train)}; validation: ${counts(validation)}; test: ${counts(test)}`,
    ...(warning === null ? [] : [`Warning: ${warning}`]),
  ].join('\n'), 'show(x)')
}

function counts({ dataset, indices }: Part): string {
  return `${counted(indices.length, 'image')} (${classCounts(dataset, indices)})`
}
