/** What is known of a data set before an audit looks at its images. */
import type { Dataset, Grouping, Modality } from '../data/dataset'
import { summarizedDataset } from '../data/dataset-summary'
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
  /** The classes that have images. */
  labels: readonly string[]
  /** Classes without an image, which were left out. */
  emptyClasses: readonly string[]
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
  const { name, title, evidence, notice, contentHash, items, modality, grouping } = dataset
  const { labels, items: numbered } = withoutEmptyClasses(dataset)
  return {
    name, title, evidence, notice, contentHash, labels, modality, grouping, images: items.length,
    emptyClasses: dataset.labels.filter(label => !labels.includes(label)),
    counts: labels.map((_, k) => numbered.filter(({ label }) => label === k).length), groups: countKnownGroups(dataset),
  }
}

/**
 * The set without the classes that no image is of: no split has images of them.
 * @param keep classes that stay, with images or without
 */
export function withoutEmptyClasses(dataset: Dataset, keep: readonly string[] = []): Dataset {
  const { labels, items, positive, ...rest } = dataset
  const left = labels.filter((label, k) => keep.includes(label) || items.some(item => item.label === k))
  if (left.length === labels.length) return dataset
  return summarizedDataset({
    ...rest, labels: left, ...(positive !== undefined && left.includes(positive) ? { positive } : {}),
    items: items.map(item => ({ ...item, label: left.indexOf(labels[item.label]) })),
  })
}

/** @throws LabError 'bad-argument' where fewer than two classes have images */
export function requireTwoClasses({ name, labels }: AuditedSet): void {
  if (labels.length >= 2) return
  throw new LabError('bad-argument', {
    expected: 'a data set in which two classes or more have images', received: `${name} with ${labels[0] ?? 'no class'} only`,
    remedy: 'An audit asks whether classes can be told apart by something else than disease: open images of another class too',
  })
}
