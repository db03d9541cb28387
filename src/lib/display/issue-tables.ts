/** Tables of labels that are probably wrong, and of odd images. */
import type { ImageIssues } from '../audit/image-issues'
import type { LabelIssues } from '../audit/label-issues'
import type { Dataset } from '../data/dataset'
import { counted } from '../system/summary'
import { dataTable, type Table } from './tables'

/**
 * The labels that a classifier contradicts, the most contradicted first. Hard images are among them.
 * @example show(tables.labelIssues(statistics.findLabelIssues(predictions)))
 */
export function labelIssues({ issues, images }: LabelIssues): Table {
  const grouped = issues.some(({ group }) => group !== null)
  const rows = issues.map(({ name, group, label, suggested, confidence }) =>
    ({ name, ...(grouped ? { group: group ?? 'unknown' } : {}), label, suggested, confidence }))
  return dataTable('label-issues', `Contradicted labels: ${issues.length} of ${counted(images, 'image')}`, rows, [
    { key: 'name', title: 'image' }, ...(grouped ? [{ key: 'group', title: 'group' }] : []), 'label',
    { key: 'suggested', title: 'the classifier is confident of' },
    { key: 'confidence', title: 'probability of the label', format: 'percent' },
  ], 'A classifier that was fitted without the image contradicts its label: the label is wrong, or the image is hard.')
}

/**
 * The odd images of a set: one row for each kind of oddness, with the images of each class and the oddest image.
 * @example show(tables.imageIssues(ct, await look.findImageIssues(ct)))
 */
export function imageIssues({ labels, items }: Dataset, { kinds, images, counts, uncompared }: ImageIssues): Table {
  const rows = kinds.map(({ kind, rule, indices, byClass, pValue }) => ({
    kind, images: indices.length, ...Object.fromEntries(byClass.map((count, k) => [`class ${k}`, count])),
    chance: pValue, oddest: indices.length ? items[indices[0]].name : '–', rule,
  }))
  return dataTable('image-issues', `Odd images among ${counted(images, 'image')}`, rows, [
    { key: 'kind', title: 'odd because' }, { key: 'images', title: 'images' },
    ...labels.map((label, k) => ({ key: `class ${k}`, title: `of the ${counts[k]} of ${label}` })),
    { key: 'chance', title: 'p, equal in all classes', format: 'decimal' }, { key: 'oddest', title: 'the oddest' },
    { key: 'rule', title: 'what counts' },
  ], uncompared ? `${uncompared}.` : 'By robust z-scores within the set. p: a permutation of the patients’ classes; '
    + 'small where one class has more of the odd images than chance explains.')
}
