/** The class that a test looks for: who named it, and what it counts against. */
import type { Dataset } from '../../data/dataset'
import { listed, literally, paragraphs, type Explanation } from './explanation'

export const positiveClass = {
  'which class is positive': data => paragraphs(
    data.positive === undefined ? unnamed(data) : `The [positive class](glossary.md#positive-class) is
      **${literally(data.positive)}**: the data set names it.`,
    against(data),
  ),
} satisfies Record<string, Explanation>

function unnamed({ labels: [first] }: Dataset): string {
  return `Nobody has said which class a test would look for in this set. So the cell takes the first one of its list,
    **${literally(first)}**, as the [positive class](glossary.md#positive-class). Is that the one you look for? If not, write
    another name in the cell, or keep the set together with it: \`npm run data -- NAME --from FOLDER --positive CLASS\`.`
}

function against({ labels, positive = labels[0] }: Dataset): string {
  const others = labels.filter(label => label !== positive).map(literally)
  return others.length === 1 ? `Sensitivity is then the share of "${literally(positive)}" that is found, and specificity the
    share of "${others[0]}" that is left alone.`
  : `The set has ${labels.length} classes: this one counts against the rest, ${listed(others)}, together.`
}
