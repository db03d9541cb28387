/** Other groups for the same images: those that a pattern finds in the file names. */
import { LabError } from '../system/errors'
import { summarizedDataset } from './dataset-summary'
import type { Dataset } from './dataset'
import { groupReader } from './layouts/group-pattern'

/**
 * The same images, grouped by patients that a pattern finds in their names; images whose names do not match have no
 * group. Name and content hash stay those of the images, so that both sets share a cache; the notice names the change.
 * @param pattern a regular expression, such as 'person(\\d+)_': what its parentheses capture names the patient
 * @throws LabError 'bad-argument' for a text that is no pattern, or one that finds fewer than two patients
 * @example regroupByPattern(data, 'person(\\d+)_')
 */
export function regroupByPattern(dataset: Dataset, pattern: string): Dataset {
  const { items, name, notice } = dataset, read = groupReader(pattern)
  const groups = items.map(item => read(item.name))
  const known = groups.filter(group => group !== null), patients = new Set(known)
  if (patients.size < 2)
    throw new LabError('bad-argument', {
      expected: `groupPattern to find two patients or more in the names of ${name}`,
      received: `${JSON.stringify(pattern)}, which finds ${patients.size === 0 ? 'none' : `one, '${known[0]}'`}`,
      remedy: `Put the part that names the patient in parentheses; a name is ${JSON.stringify(items[0]?.name ?? '')}`,
    })
  const found = `${known.length} of ${items.length} images of ${patients.size} patients`
  return summarizedDataset({
    ...dataset, grouping: 'patient', notice: `${notice} Patients are read from file names: ${found}.`,
    items: items.map((item, i) => ({ ...item, group: groups[i] })),
  })
}
