/** What is known of a data set before an audit looks at its images. */
import type { Dataset, Grouping, Modality } from '../data/dataset'
import { countKnownGroups } from '../data/groups'
import { LabError } from '../system/errors'

/** What is known of the set that was audited. */
export interface AuditedSet {
  name: string
  title: string
  /** As the set has it: an audit of drawn images, or of planted faults, is never evidence about disease. */
  evidence: Dataset['evidence']
  notice: string
  contentHash: string
  labels: readonly string[]
  /** Images of each class, in the order of the labels. */
  counts: readonly number[]
  images: number
  modality: Modality
  grouping: Grouping
  /** Patients or number blocks; 0 where none are known. */
  groups: number
}

/** The facts of a set. */
export function auditedSet(dataset: Dataset): AuditedSet {
  const { name, title, evidence, notice, contentHash, labels, items, modality, grouping } = dataset
  return {
    name, title, evidence, notice, contentHash, labels, modality, grouping, images: items.length,
    counts: labels.map((_, k) => items.filter(({ label }) => label === k).length), groups: countKnownGroups(dataset),
  }
}

/** @throws LabError 'bad-argument' where fewer than two classes have images */
export function requireTwoClasses({ name, labels, counts }: AuditedSet): void {
  const present = labels.filter((_, k) => counts[k] > 0)
  if (present.length >= 2) return
  throw new LabError('bad-argument', {
    expected: 'a data set in which two classes or more have images', received: `${name} with ${present[0] ?? 'no class'} only`,
    remedy: 'An audit asks whether classes can be told apart by something else than disease: open images of another class too',
  })
}
