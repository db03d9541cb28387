/** Notebook 09: whose images meet a published protocol, on which splits, and what a comparison takes as given. */
import { greatest } from 'd3-array'
import type { Dataset } from '../../data/dataset'
import { countKnownGroups, countWithoutGroup } from '../../data/groups'
import { countClasses } from '../../data/look/class-counts'
import { lackOfGroups } from '../../data/look/grouped'
import { defaultProtocol } from '../../data/split/default-split'
import { splitFacts } from '../../experiments/plans/papers/splits'
import { counted } from '../../system/summary'
import { literally, paragraphs, type Explanation } from './explanation'

export const reproduceThePapers = {
  'whose images meet the protocol': data => paragraphs(whoseImages(data), chanceLevel(data)),

  'which splits the protocol gets': data => paragraphs(splits(data)),

  'what a comparison takes as given': data => paragraphs(takenAsGiven(data)),
} satisfies Record<string, Explanation>

function whoseImages({ name, title, evidence }: Dataset): string {
  if (name === 'sars-cov-2-ct') return `Your images are those of several studies in the table, Soares 2020 among them. So the two
    figures can be set side by side. They still differ in more than the split: the network starts from fractals, not from
    photographs, it is half as wide, and it trains for minutes.`
  if (evidence === 'phantom') return `The images at hand are **drawings**. What comes out below shows how a protocol behaves, and
    where it flatters. It neither confirms nor refutes a published figure.`
  return `Your images, **${literally(title)}**, are not the paper's. They may be easier, or harder. So what comes out below neither
    confirms nor refutes the published figure. It shows how the protocol behaves on your images: on which kind of split it looks
    better, and by how much.`
}

function chanceLevel(data: Dataset): string {
  const most = greatest(countClasses(data), ({ value }) => value)!
  const several = data.labels.length === 2 ? '' : ` (Most papers tell two classes apart; yours has ${data.labels.length}.)`
  return `Before you look: always saying "${literally(most.label)}" is right in ${(100 * most.share).toFixed(0)} % of these images.
    That is where accuracies start.${several}`
}

function splits(data: Dataset): string {
  const { grouping } = data
  if (grouping === 'none') return `Nobody has said which images of this set show the same patient. So there is **no leak-aware
    split** of them: only the published kind runs, and by how much it flatters cannot be measured here. That is no good news:
    it says that nobody looked, not that nothing leaks. A paper that dealt out patients has no split here at all: choose
    another one.${dealtAnew(data)}`
  const groups = counted(countKnownGroups(data), grouping), unknown = countWithoutGroup(data)
  if (!splitFacts(data).folds) return `The set has ${groups}: too few to be dealt into five folds with every class in each. So there
    is **no leak-aware split** of it, and by how much the published kind flatters cannot be measured here.${dealtAnew(data)}`
  const rest = unknown === 0 ? '' : ` (The ${grouping} of ${counted(unknown, 'image')} is not known: each counts as if it came from
    another.)`
  return `The images allow two kinds of split. The **published kind** deals single images, as many papers did; if a paper does
    not say, it is taken to have done so. The **leak-aware** one keeps all images of a ${grouping} on one side: of
    ${groups}.${rest}${dealtAnew(data)}${littleToLeak(data)} Where a paper dealt out patients, the leak-aware split is its own
    kind, and the only one that runs. Where it says which of these images it tested, an **exact** split runs, too.`
}

function littleToLeak(data: Dataset): string {
  switch (lackOfGroups(data)) {
    case 'single images': return ` Most images are the only one of their ${data.grouping}, so that there is hardly anything to
      leak: what differs between the two is mostly the luck of the deal.`
    case 'few groups': return ` They are few: what differs between the two splits may be luck.`
    default: return ''
  }
}

function dealtAnew(data: Dataset): string {
  return defaultProtocol(data) === 'given' ? ` The images that the set's makers gave for testing are dealt anew with the others.` : ''
}

function takenAsGiven(data: Dataset): string {
  const { grouping, items } = data
  const groups = countKnownGroups(data)
  if (grouping === 'none' || groups === 0) return `Both take each image as a witness of its own. If some patients have several images here, the
    interval is too narrow and p is too small, and nobody can say by how much.`
  const each = (items.length - countWithoutGroup(data)) / groups
  if (lackOfGroups(data) === 'single images') return `Most images here are the only one of their ${grouping}: the interval, which
    draws ${grouping}s, and p, which counts images, stand on nearly the same.`
  return `This set has ${each.toFixed(1)} images a ${grouping}. If one is easy, they all are. So they are not that many witnesses. The
    interval knows: it draws whole ${grouping}s. **p does not**: it counts every image as a coin of its own.`
}
