/** Notebook 04: what a comparison on one validation part leaves open. */
import type { Dataset } from '../../data/dataset'
import { countKnownGroups } from '../../data/groups'
import { lackOfGroups } from '../../data/look/grouped'
import { counted } from '../../system/summary'
import { onlyFor, paragraphs, type Explanation } from './explanation'

export const freezeTheLayers = {
  'what one comparison leaves open': data => paragraphs(
    `${howMuchThereIs(data)} One seed, few epochs and one split say less still.`,
    onlyFor(data, 'sars-cov-2-ct', `On five folds of number blocks of the SARS-CoV-2 CT-scan set this network, fine-tuned for 30
      epochs, reached .873 on average, and single folds lay between .79 and .95: the fold mattered more than many a method
      does.`),
  ),
} satisfies Record<string, Explanation>

function howMuchThereIs(data: Dataset): string {
  const { items, grouping } = data
  const images = counted(items.length, 'image')
  if (grouping === 'none') return `The whole set has ${images}, and nobody has said which of them show the same patient: the
    intervals hold if no two do, and are too narrow if some do.`
  const groups = counted(countKnownGroups(data), grouping)
  return lackOfGroups(data) === 'single images'
    ? `The whole set has ${images} of ${groups}, and the validation part has only a share of them.`
    : `The whole set has ${groups}, and the validation part has only a share of them: what counts is their number, not that
      of the ${images}.`
}
