/** Notebook 05: unequal classes, what varies between images, two splits, and whose protocol is repeated. */
import { greatest, least } from 'd3-array'
import type { Dataset } from '../../data/dataset'
import { countClasses } from '../../data/look/class-counts'
import { lackOfGroups } from '../../data/look/grouped'
import { defaultProtocol } from '../../data/split/default-split'
import { counted } from '../../system/summary'
import { byModality, listed, literally, onlyFor, paragraphs, type Explanation } from './explanation'

export const fineTune = {
  'how unequal the classes are': data => {
    const counts = countClasses(data)
    return paragraphs(
      `The set has ${listed(counts.map(({ label, value }) => `${counted(value, 'image')} of "${literally(label)}"`))}.`,
      aboutBalance(data),
    )
  },

  'what may vary between images': data => paragraphs(
    byModality(data, {
      CT: `On CT a grey stands for a measured number, as long as all images were exported alike. \`gentle\` therefore leaves
        greys as they are, and changes only where the chest lies and how large it is.`,
      'X-ray': `On X-ray images brightness and contrast differ from device to device and from dose to dose. \`gentle\` leaves
        greys as they are, and changes only where the chest lies and how large it is: another device's greys remain new to
        the network.`,
      unknown: `\`gentle\` leaves greys as they are, and changes only where the chest lies and how large it is. What a grey
        stands for depends on what took the images, and the set does not say that.`,
    }),
  ),

  'what pretraining is worth': data => paragraphs(
    `Short runs flatter the better start: with more steps, random numbers catch up. And one run each decides little.`,
    onlyFor(data, 'sars-cov-2-ct', `After 30 epochs on each of five folds of number blocks of the SARS-CoV-2 CT-scan set,
      pretraining on fractals had gained nothing: 0.0 points, with an interval from −1.8 to 2.2; on three random splits, 4.1
      points ([notebook 08](08-four-strategies.ipynb)).`),
  ),

  'what a second split can show': data => paragraphs(secondSplit(data)),

  'what two splits leave open': data => paragraphs(
    `The two test parts are different images, and one split of each kind is a small sample: the difference above is no
      measurement yet. ${measureIt(data)}`,
    onlyFor(data, 'sars-cov-2-ct', `On the SARS-CoV-2 CT-scan set the same network, trained by \`presets.best\`, reached .978 on
      average over three random splits and .873 over five folds of number blocks: ten points. One nearest neighbor, which
      can do nothing but recognize, fell from .931 to .634 ([notebook 08](08-four-strategies.ipynb)).`),
  ),

  'whose protocol is repeated': data => paragraphs(
    data.name === 'sars-cov-2-ct' ? 'Your images are those of that notebook, so that the two figures can be compared.'
      : `Your images are others: those of **${literally(data.title)}**. So what comes out below says nothing about the
        notebook's figure, and the notebook's figure is no goal for it.`,
    data.labels.length === 2 ? '' : `The notebook told two classes apart; here the last layer gets one output for each of
      ${data.labels.length} classes.`,
    defaultProtocol(data) === 'given' ? `The protocol deals all images anew, those too that the set's makers gave for
      testing.` : '',
  ),
} satisfies Record<string, Explanation>

/** From this ratio on, the largest class and the smallest are called unequal. */
const unequal = 1.5

function aboutBalance(data: Dataset): string {
  const counts = countClasses(data)
  const most = greatest(counts, ({ value }) => value)!, few = least(counts, ({ value }) => value)!
  const weights = [few, most].map(({ label, value }) =>
    `${(data.items.length / (counts.length * value)).toFixed(2)} for "${literally(label)}"`)
  if (most.value < unequal * few.value) return `That is nearly equal: nothing needs to be done. (Where classes are unequal,
    \`classWeights: 'balanced'\` lets images of rare classes count more in the loss, and \`balancedBatches: true\` deals as many
    images of each class into every batch.)`
  return `That is unequal: ${(most.value / few.value).toFixed(1)} to 1 between the largest class and the smallest. Always saying
    "${literally(most.label)}" is right in ${(100 * most.share).toFixed(0)} % of the images, and that is what a network learns
    first. \`classWeights: 'balanced'\` lets an image count more in the loss the rarer its class is (${weights.join(', ')}, if
    the training part has the same shares); or \`balancedBatches: true\` deals as many images of each class into every batch.
    Take one or the other. Both make the network call rare classes more often than they occur, so that its probabilities no
    longer mean what they say. The runs below use neither: whether one helps, the validation part tells.`
}

function secondSplit(data: Dataset): string {
  const { grouping } = data
  switch (defaultProtocol(data)) {
    case 'random': return `Nobody has said which images of this set show the same patient, so the split of this notebook is
      random already. By how much it flatters cannot be measured here: there is no split by patient to compare it with. The
      second split, dealt by another seed, shows something else: how much of a figure is the luck of the deal.`
    case 'given': return `The split of this notebook is the one that the set's makers gave. The random split deals all images
      anew, their test images among them. If the makers tested on other patients, another hospital or another year, their
      test is likely to be the harder one, and the random split looks better for it. If they dealt at random themselves, the
      difference is luck.`
    case 'group': return lackOfGroups(data) === 'single images'
      ? `Most images of this set are the only one of their ${grouping}, so that a random split tears hardly any ${grouping}
        apart. The two splits are nearly of one kind: what differs is mostly the luck of the deal.`
      : `The split of this notebook keeps all images of one ${grouping} together. The random split does not: there,
        training knows other images of many a ${grouping} that is tested.`
  }
}

function measureIt(data: Dataset): string {
  switch (defaultProtocol(data)) {
    case 'random': return 'More random splits, which `foldRandom` deals, tell how far apart they lie by chance.'
    case 'given': return 'More random splits, which `foldRandom` deals, tell how far apart they lie by chance; there is only one given split.'
    case 'group': return 'Measure it yourself with `foldByGroup` and `foldRandom`.'
  }
}
