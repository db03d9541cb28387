/** Notebook 06: the kinds of mistakes, thresholds among several classes, and what the intervals stand on. */
import type { Dataset } from '../../data/dataset'
import { countKnownGroups, countWithoutGroup } from '../../data/groups'
import { lackOfGroups } from '../../data/look/grouped'
import { counted } from '../../system/summary'
import { literally, paragraphs, type Explanation } from './explanation'

export const confusionMatrixAndRoc = {
  'two kinds of mistake': data => {
    const positive = `"${literally(data.positive ?? data.labels[0])}"`, { length } = data.labels
    return paragraphs(
      `An image of ${positive} that is called anything else is **missed**. An image of anything else that is called
        ${positive} is a **false alarm**. If ${positive} is a disease, the first may send somebody home who needs help, and the
        second alarms somebody for nothing. Which is worse, no matrix says.`,
      length === 2 ? 'With two classes every mistake is one or the other.'
        : `Of the ${length} classes one is positive. A mistake among the others is a mistake too, but of neither kind: it lies
          off the diagonal, and outside the row and the column of ${positive}.`,
    )
  },

  'a threshold and the likeliest class': ({ labels }) => paragraphs(labels.length === 2
    ? `With two classes, a probability of .5 or more is that of the likelier class: these are the counts of the matrix.`
    : `With ${labels.length} classes the likeliest one may have less than .5. The matrix calls an image by its likeliest class;
      a threshold of .5 asks for more. So fewer images may be called positive here than in the matrix.`),

  'what the intervals stand on': data => paragraphs(standOn(data)),
} satisfies Record<string, Explanation>

function standOn(data: Dataset): string {
  const { items, grouping } = data
  if (grouping === 'none') return `Nobody has said which images of this set show the same patient. So there is only one interval:
    as if each image came from another patient. It is too narrow if some share one, and nobody can say by how much.`
  const unknown = countWithoutGroup(data)
  const groups = counted(countKnownGroups(data), grouping)
  const without = unknown === 0 ? '' : ` The ${grouping} of ${counted(unknown, 'image')} is not known: each of them counts as if
    it came from another.`
  return lackOfGroups(data) === 'single images'
    ? `Most images of this set are the only one of their ${grouping} (${counted(items.length - unknown, 'image')} of ${groups}). So
      the two intervals should be nearly alike; what is left is that a formula gives one and drawing the other.${without}`
    : `The whole set has ${counted(items.length - unknown, 'image')} of ${groups}; the test part has a share of both. How many
      ${grouping}s it has counts for more than how many images.${without}`
}
