/** What DICOM files say about a set: its patients, as hashes, and its modality. */
import type { ImageFacts } from '../images/stored-image'
import type { Item, Modality } from './dataset'
import { groupNotes } from './layouts/notes'

/**
 * Gives items without a group that of their DICOM file: its patient; or its study, where all files name one patient and
 * several studies, as files do whose patients' names were replaced by one word.
 * @param facts of each item's file
 * @returns the items, and sentences about their groups
 */
export function withDicomGroups(
  items: readonly Item[], facts: readonly ImageFacts[],
): { items: Item[]; notes: string[] } {
  const distinct = (key: 'patient' | 'study') => new Set(facts.flatMap(fact => fact[key] ?? [])).size
  const byStudy = distinct('patient') <= 1 && distinct('study') > 1
  const groupOf = ({ patient, study }: ImageFacts) => {
    const hash = byStudy ? study : patient ?? study
    return hash ? `${hash === patient ? 'patient' : 'study'} ${hash}` : null
  }
  const grouped = items.map((item, i) => ({ ...item, group: item.group ?? groupOf(facts[i]) }))
  const added = grouped.filter((item, i) => item.group !== null && items[i].group === null)
  if (added.length === 0) return { items: [...items], notes: [] }
  return {
    items: grouped,
    notes: [
      byStudy
        ? `The DICOM files name one patient for all images: each study counts as a patient (${added.length} images).`
        : `Patients are those that the DICOM files name, shown as hashes (${added.length} images).`,
      ...groupNotes(added),
    ],
  }
}

/** The modality that every file names; 'unknown' where one does not, or they differ. */
export function modalityOf(facts: readonly ImageFacts[]): Modality {
  const named = new Set(facts.map(fact => fact.modality ?? 'unknown'))
  return named.size === 1 ? [...named][0] : 'unknown'
}
