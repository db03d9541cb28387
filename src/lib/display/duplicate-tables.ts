/** Tables about images that belong together: copies by several measures, and patients in two classes or parts. */
import type { Duplicates } from '../audit/duplicates'
import type { Patients } from '../audit/patients'
import { counted } from '../system/summary'
import { dataTable, type Table } from './tables'

/**
 * Images that are alike, one row for each measure and threshold, as `look.findDuplicates` gives them.
 * @example show(tables.duplicates(await look.findDuplicates(ct)))
 */
export function duplicates(results: readonly Duplicates[]): Table {
  const rows = results.map(({ measure, threshold, pairs, groups, ofTwoClasses, chained, unsearched, ...result }) => ({
    measure, threshold: measure === 'grey levels' ? 'equal' : String(threshold),
    ...(unsearched ? {} : { pairs: pairs.length, ofTwoClasses, ofTwoGroups: ofTwoGroups(result) }),
    ...(unsearched ? {} : { groups: groups.length, largest: groups[0]?.length ?? 0 }),
    note: unsearched ?? (chained ? 'a chain: most images of the largest group are not alike' : ''),
  }))
  return dataTable('duplicates', 'Which images are alike?', rows, [
    'measure', 'threshold', 'pairs', { key: 'ofTwoClasses', title: 'of two classes' },
    { key: 'ofTwoGroups', title: 'of two patients or blocks' }, 'groups', { key: 'largest', title: 'images in the largest' },
    { key: 'note', title: '' },
  ], 'Equal grey levels and details tell copies. The other measures find candidates, which may show other patients: '
    + 'look at them (figures.duplicateGroups).')
}

/** How many pairs are of two patients; at least so many, where some patients are not known. */
function ofTwoGroups({ ofTwoGroups: count, ofUnknownGroups }: Pick<Duplicates, 'ofTwoGroups' | 'ofUnknownGroups'>) {
  if (count === null) return 'not known'
  return ofUnknownGroups ? `${count} or more` : count
}

/**
 * Patients with images of two classes, or in two parts of a split, as `look.findPatients` gives them.
 * @example show(tables.patients(await look.findPatients(ct, { split: parts })))
 */
export function patients(found: Patients): Table {
  const { by, unknown, images, inTwoClasses, inTwoParts, split } = found
  const named = [...new Map([...inTwoClasses, ...inTwoParts].map(patient => [patient.patient, patient])).values()]
  const rows = named.map(({ patient, images, classes, parts }) =>
    ({ patient, images, classes: classes.join(', '), parts: parts.length ? parts.join(', ') : 'not known' }))
  const known = by === 'none' ? 'No patient is known'
    : `${counted(found.patients, by === 'file name' ? 'patient' : by)} known; ${unknown} of ${counted(images, 'image')} without`
  return dataTable('patients', 'Patients of two classes or two parts', rows, ['patient', 'images', 'classes', 'parts'],
    `${known}. ${split ?? 'No split'}.`)
}
