/** Notebook 10: what is known about the set at hand, and what a result on it does not show. */
import { greatest, least } from 'd3-array'
import type { Dataset } from '../../data/dataset'
import { countKnownGroups, countWithoutGroup } from '../../data/groups'
import { countClasses } from '../../data/look/class-counts'
import { defaultProtocol } from '../../data/split/default-split'
import { counted } from '../../system/summary'
import { byModality, listed, literally, paragraphs, type Explanation } from './explanation'

export const yourOwnImages = {
  'what is known about the set': data => list([
    ['Classes', classes(data)], ['Patients', patients(data)], ['Parts', parts(data)], ['Positive class', positive(data)],
    ['What took the images', modality(data)], ['Values', values(data)], ['Left out', leftOut(data)],
    ['Near-duplicates', nearDuplicates(data)],
  ]),

  'what the result does not show': data => list([
    ['Were the same people on both sides?', sameSides(data)],
    ['Would it hold in another hospital, on another machine?', elsewhere(data)],
    ['Who labeled the images?', labeled(data)],
    ['How common is the finding?', prevalence(data)],
    ['Does it look at the finding at all?', `Nothing above says where the network looks. A letter in a corner, a tube or the
      width of the frame can tell classes apart, too.`],
    ['Was the test part looked at once?', `It was by your network, if you ran this notebook once, and no other notebook
      before it on this set. Whoever goes back, changes a setting and looks again has made it a validation part.`],
    ['May it be used on a patient?', 'No. **This is not a medical device.**'],
  ]),
} satisfies Record<string, Explanation>

/** Points of a list, each with its name in bold. */
function list(points: readonly (readonly [string, string])[]): string {
  return points.map(([name, text]) => `- **${name}${name.endsWith('?') ? '' : ':'}** ${paragraphs(text).replaceAll('\n\n', ' ')}`).join('\n')
}

function classes(data: Dataset): string {
  const counts = countClasses(data)
  const all = listed(counts.map(({ label, value }) => `${literally(label)} (${value.toLocaleString('en-US')})`))
  const few = least(counts, one => one.value)!, many = greatest(counts, one => one.value)!
  return [
    `${all}.`,
    many.share >= 0.7 ? `Whoever always says "${literally(many.label)}" is right ${percent(many.share)} of the time: read
      balanced accuracy, not accuracy. (\`classWeights: 'balanced'\` lets rare classes count as much as frequent ones.)` : '',
    few.value < 100 ? `${counted(few.value, 'image')} of "${literally(few.label)}" are few: intervals will be wide.` : '',
  ].join(' ')
}

function patients(data: Dataset): string {
  const { grouping } = data
  if (grouping === 'none') return `Nobody has said which images show the same patient. So the split is at random, and images
    of one patient may lie on both sides of it.`
  const names = countKnownGroups(data), unknown = countWithoutGroup(data)
  return [
    grouping === 'number block' ? `The files name none. ${counted(names, grouping)} ([blocks of consecutive file
      numbers](glossary.md#number-block)) stand in for them.` : `${counted(names, grouping)}.`,
    unknown ? `The ${grouping} of ${counted(unknown, 'image')} is not known: each is treated as if it came from another.` : '',
  ].join(' ')
}

function parts(data: Dataset): string {
  return hasParts(data)
    ? 'The set comes with parts that its makers chose; the split below takes them.'
    : 'The set comes without a split; one is made below.'
}

/** Whether the set's makers split it. */
function hasParts(data: Dataset): boolean {
  return defaultProtocol(data) === 'given'
}

function positive({ positive }: Dataset): string {
  return positive === undefined
    ? 'Nobody has named the class that a test would look for. (`--positive CLASS` names it.)' : `${literally(positive)}.`
}

function modality(data: Dataset): string {
  return byModality(data, {
    CT: 'CT.', 'X-ray': 'X-rays.', unknown: 'The set does not say. (`--modality CT` or `--modality X-ray` says it.)',
  })
}

function values({ evidence, window }: Dataset): string {
  if (evidence === 'phantom') return 'Code draws the images; there are no files.'
  return window ? `The files hold more than 8 bits. The words beneath the table above say how their values become grey
    levels: the same way in every file.`
  : 'All files hold 8 bits: grey levels, and no measurements. What was done to them before, the files do not say.'
}

function leftOut({ evidence, skipped = [] }: Dataset): string {
  if (skipped.length === 0) return evidence === 'phantom' ? 'Nothing.' : 'No file that looks like an image.'
  const names = listed(skipped.map(({ name, reason }) => `${literally(name)} (${literally(reason)})`))
  return `${counted(skipped.length, 'file')} that cannot be read: ${names}.`
}

function nearDuplicates(data: Dataset): string {
  const { evidence, grouping, nearDuplicates: { length }, nearDuplicatesSearched } = data
  if (evidence === 'phantom') return 'Not searched: code draws each image anew.'
  if (nearDuplicatesSearched === false) return 'Not searched. Images that are nearly the same may lie on both sides of the split.'
  if (length === 0) return 'None found.'
  const pairs = counted(length, 'pair')
  if (grouping === 'none' || hasParts(data)) return `${pairs}. If some lie on both sides of the split, the table of the split warns of it.`
  return grouping === 'patient' ? `${pairs}. The split keeps both images of each on one side.`
    : `${pairs}. The split leaves an image out of training if the other of its pair lies in another part. Pairs may still
      lie in validation and test: the table of the split warns of them.`
}

function sameSides(data: Dataset): string {
  const { grouping } = data, given = hasParts(data)
  if (grouping === 'none') return `Nobody knows: no ${given ? 'patient is named, and the parts were given' : 'patient is named'}.
    If some were, accuracy and interval are too good. [Notebook 02](02-split-and-baselines.ipynb) shows by how much that can be.`
  if (given) return `The parts were given. If a ${grouping} lies in several, the split's table warns of it.`
  return grouping === 'number block'
    ? 'No number block was. But number blocks only stand in for patients: where one patient ends, nobody knows.'
    : 'No patient was, as far as the names of patients are right.'
}

function elsewhere(data: Dataset): string {
  return data.evidence === 'phantom' ? 'The phantom comes from no hospital: it shows how the tools work, and nothing about disease.'
    : byModality(data, {
      CT: 'Test images come from where the training images come from. Another scanner, dose or reconstruction can undo the result.',
      'X-ray': `Test images come from where the training images come from. Another device, a portable one at the bedside, or
        another way of sharpening can undo the result.`,
      unknown: 'Test images come from where the training images come from. Another machine can undo the result.',
    })
}

function labeled({ evidence }: Dataset): string {
  return evidence === 'phantom' ? 'The code that drew them: these labels are right.'
    : `The set's folders or tables say which class an image has, not who decided it, and how. The network learns the errors
      of the labels, and the test part, labeled in the same way, does not show them.`
}

function prevalence(data: Dataset): string {
  const counts = countClasses(data)
  const found = counts.find(({ label }) => label === data.positive) ?? counts[0]
  return `${percent(found.share)} of these images are "${literally(found.label)}". Where it is rarer, more alarms are false:
    [notebook 06](06-confusion-matrix-and-roc.ipynb) computes how many.`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
