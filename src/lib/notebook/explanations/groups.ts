/** Which images a lesson about groups shows, and why. */
import type { Dataset } from '../../data/dataset'
import { countKnownGroups, countWithoutGroup } from '../../data/groups'
import { lackOfGroups } from '../../data/look/grouped'
import { counted } from '../../system/summary'
import { literally, paragraphs, type Explanation } from './explanation'

export const groups = {
  'which images show the groups': data => {
    const lack = lackOfGroups(data)
    return lack === null ? itself(data) : paragraphs(
      { 'no groups': noGroups(data), 'few groups': fewGroups, 'single images': singleImages(data) }[lack],
      insteadPhantom(data),
    )
  },
} satisfies Record<string, Explanation>

function itself(data: Dataset): string {
  const { items, grouping, title } = data
  const unknown = countWithoutGroup(data)
  return paragraphs(
    `The next cells show **${literally(title)}** itself: ${counted(items.length - unknown, 'image')} of ` +
    `${counted(countKnownGroups(data), grouping)}.` +
    (unknown ? ` The ${grouping} of ${counted(unknown, 'image')} is not known; they are left out here.` : ''),
    grouping === 'number block'
      ? `The files name no patients. Blocks of consecutive file numbers ([number blocks](glossary.md#number-block)) stand
        in for them.` : '',
  )
}

function noGroups({ title }: Dataset): string {
  return `Nobody has said which images of **${literally(title)}** show the same patient. (A table groups.csv says it, or a
    pattern in the file names: \`npm run data -- NAME --from FOLDER --group 'person(\\d+)_'\`.) So this set
    cannot show what happens when images of one patient lie on both sides of a split. It may happen in it all the same.`
}

const fewGroups = `A class of your set has fewer than five patients that can be told apart (patients with nearly equal images
  count as one). So few cannot be compared.`

function singleImages({ title }: Dataset): string {
  return `In **${literally(title)}** most images are the only one of their patient: there is little to compare within a
    patient.`
}

function insteadPhantom({ modality }: Dataset): string {
  const kind = modality === 'X-ray' ? 'X-ray phantom' : 'CT phantom'
  return `So the next cells show the **${kind}**, whose patients have several images each. Code drew them: they show what the
    question is, and are no evidence about your set.`
}
