/** Notebook 02: what names tell, what folds and made-up labels say, and which split is the usual one. */
import type { Dataset } from '../../data/dataset'
import { defaultProtocol } from '../../data/split/default-split'
import { literally, onlyFor, paragraphs, type Explanation } from './explanation'

export const splitAndBaselines = {
  'what the names tell': data => paragraphs(
    data.evidence === 'phantom' ? 'Each name says the patient, then the number of the image.'
    : data.name === 'sars-cov-2-ct' ? `The names of the SARS-CoV-2 CT-scan set are numbers: numbers close together are most
      likely one patient.`
    : `Do the names say who the patient is? Often they do, or their numbers do: numbers close together are often one
      patient.`,
  ),

  'what the folds say': data => paragraphs(
    `Random folds tend to agree, so that a single figure looks trustworthy: they are all wrong in the same way. Folds by
      ${groupOf(data)} tend to differ more; that is what the real uncertainty looks like.`,
    phantomOnly(data),
    onlyFor(data, 'sars-cov-2-ct', `On the SARS-CoV-2 CT-scan set one nearest neighbor has .931 on random splits and .634 on
      folds of number blocks, and five nearest neighbors of histograms have .972 and .812 ([notebook
      08](08-four-strategies.ipynb)). A public notebook that trained ResNet50 from ImageNet's weights on a random split of
      that set (notebook 05 repeats its protocol) reports .895: *below* the method that only remembers.`),
  ),

  'what made-up labels prove': data => paragraphs(
    `Where images of one ${groupOf(data)} are alike, a random split rewards recognizing the ${groupOf(data)}: even labels
      without any meaning are "diagnosed" above chance. On a split by ${groupOf(data)} the accuracy falls back to about
      chance, because there is nothing to learn.`,
    phantomOnly(data),
    onlyFor(data, 'sars-cov-2-ct', `(Measured on the SARS-CoV-2 CT-scan set before, over five random splits: .872; the public
      notebook's ResNet50 has .895 on the *true* labels.)`),
  ),

  'the usual split': data => paragraphs(usualSplit(data)),
} satisfies Record<string, Explanation>

/** What a group of the set is. */
function groupOf({ grouping }: Dataset): string {
  return grouping === 'none' ? 'patient' : grouping
}

function phantomOnly({ evidence }: Dataset): string {
  return evidence === 'phantom'
    ? 'These are figures of drawings. How large the difference is in real images, only real images tell.' : ''
}

function usualSplit(data: Dataset): string {
  const { grouping, title } = data, protocol = defaultProtocol(data)
  const name = `**${literally(title)}**`
  if (protocol === 'given')
    return `Whoever made ${name} also said which images are for training and which for testing. The notebooks keep to that,
      so that figures can be compared with those of others.`
  return protocol === 'random'
    ? `Nobody has said which images of ${name} show the same patient, so they can only be split at random. Every figure from
      such a split may be too good, and the warning beneath the table says so. If you can find out who the patients are,
      write them into groups.csv.`
    : `${name} is split by ${grouping}: all images of one are in one part.`
}
