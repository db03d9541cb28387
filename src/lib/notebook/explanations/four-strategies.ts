/** Notebook 08: how its recorded figures concern the set at hand. */
import { literally, onlyFor, paragraphs, type Explanation } from './explanation'

export const fourStrategies = {
  'whose figures were recorded': data => paragraphs(
    onlyFor(data, 'sars-cov-2-ct', `You use the SARS-CoV-2 CT-scan set yourself: the figures below are of your images, with
      more training than above, on other splits.`)
    || `Your images, **${literally(data.title)}**, had no part in what follows: the figures below were measured on another set
      than yours. What would be the same on yours is a question that they raise, not one that they answer.`,
  ),
} satisfies Record<string, Explanation>
