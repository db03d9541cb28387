/** What DICOM files say about a set: its patients, as hashes, and its modality. */
import { rollup } from 'd3-array'
import { counted } from '../system/summary'
import type { ImageFacts } from '../images/stored-image'
import type { Item, Modality } from './dataset'
import { groupNotes } from './layouts/notes'

/**
 * Gives items without a group that of their DICOM file: its patient. Where no more than one patient is named for all
 * files, as in files whose patients' names were removed or replaced by one word, each study is a group if there are
 * several; else no group is known.
 * @param facts of each item's file
 * @returns the items, and sentences about their groups
 */
export function withDicomGroups(
  items: readonly Item[], facts: readonly ImageFacts[],
): { items: Item[]; notes: string[] } {
  const distinct = (key: 'patient' | 'study') => new Set(facts.flatMap(fact => fact[key] ?? [])).size
  const patients = distinct('patient'), files = facts.filter(fact => fact.format === 'dicom').length
  if (files === 0) return { items: [...items], notes: [] }
  const key = patients > 1 ? 'patient' : distinct('study') > 1 ? 'study' : null
  const missing = patients === 0 ? 'The DICOM files name no patient' : 'The DICOM files name one patient for all images'
  if (key === null)
    return { items: [...items], notes: items.some(item => item.group === null) ? [`${missing}: who is who is not known.`] : [] }
  const grouped = items.map((item, i) =>
    ({ ...item, group: item.group ?? (facts[i][key] ? `${key} ${facts[i][key]}` : null) }))
  const added = grouped.filter((item, i) => item.group !== null && items[i].group === null)
  const spread = spreadNotes(grouped, facts)
  if (added.length === 0) return { items: [...items], notes: spread }
  return {
    items: grouped,
    notes: [
      ...spread,
      key === 'study'
        ? `${missing}: each study counts as a patient (${added.length} images).`
        : `Patients are those that the DICOM files name, shown as hashes (${added.length} images).`,
      ...groupNotes(added),
    ],
  }
}

/** Patients that the files name and whose images stand in several groups, which folders or a table have named. */
function spreadNotes(items: readonly Item[], facts: readonly ImageFacts[]): string[] {
  const groupsOf = rollup(items.keys(), list => new Set(list.map(i => items[i].group)).size, i => facts[i].patient)
  const spread = [...groupsOf].filter(([patient, groups]) => patient !== undefined && groups > 1)
  if (groupsOf.size <= 1 || spread.length === 0) return []
  return [`${counted(spread.length, 'patient')} of the DICOM files (first ${spread[0][0]}) in several groups: a split may tear them apart.`]
}

/** The modality that every file names; 'unknown' where one does not, or they differ. */
export function modalityOf(facts: readonly ImageFacts[]): Modality {
  const named = new Set(facts.map(fact => fact.modality ?? 'unknown'))
  return named.size === 1 ? [...named][0] : 'unknown'
}
