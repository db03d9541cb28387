/** Notebook 07: which images the trap is planted in, and what an audit cannot know about the set at hand. */
import type { Dataset } from '../../data/dataset'
import { countWithoutGroup } from '../../data/groups'
import { lackOfGroups } from '../../data/look/grouped'
import { counted } from '../../system/summary'
import { byModality, listed, literally, paragraphs, type Explanation } from './explanation'

export const canYouTrustIt = {
  'where the trap is planted': data => paragraphs(data.evidence === 'phantom'
    ? `The images of this lesson are drawn by code, as yours are, but with findings that hardly show.`
    : `The trap is not planted in **${literally(data.title)}** but in ${drawings(data)}. There it is known where the findings
      lie, and that there is no other trap. What they show about networks holds for yours; their accuracies do not.`),

  'what the audit does not know': data => paragraphs(
    data.evidence === 'real' ? '' : `These images are drawn by code or changed on purpose: the audit says something about the
      tools here, and nothing about a disease.`,
    patients(data),
    `No audit knows what nobody wrote down: who labeled the images and by what, which machine took them, and whether
      ${listed(data.labels.map(label => `"${literally(label)}"`))} come from the same hospital and the same years. If they do not,
      all that differs between hospitals or years is a shortcut, and a split by patient does not help. Ask those who made
      the set.`,
    `Whoever has a second set of the same classes has the better test: \`auditDataset(data, { external: second })\`, or
      \`npm run audit -- NAME --external NAME\`, trains here and tests there.`,
  ),
} satisfies Record<string, Explanation>

function drawings({ modality }: Dataset): string {
  return byModality({ modality } as Dataset, {
    CT: 'drawings of the same kind, the **CT phantom**', 'X-ray': 'drawings of the same kind, the **X-ray phantom**',
    unknown: 'drawings (the **CT phantom**, since nobody has said what took your images)',
  })
}

function patients(data: Dataset): string {
  const { grouping } = data, unknown = countWithoutGroup(data)
  const without = unknown && grouping !== 'none' ? ` The ${grouping} of ${counted(unknown, 'image')} is not known.` : ''
  if (grouping === 'none') return `Nobody has said which images show the same patient. So nobody can see whether a split keeps
    patients apart: what the audit says of folds is said of images.`
  if (lackOfGroups(data) === 'single images') return `Most images are the only one of their ${grouping}: a random split hardly
    differs from one by ${grouping} here.${without}`
  return grouping === 'number block' ? `Blocks of file numbers stand in for patients. Where a block cuts a patient in two, or
    holds several, the audit sees blocks and not patients.${without}`
    : `It takes the patients as the set names them: one who has two names counts as two.${without}`
}
