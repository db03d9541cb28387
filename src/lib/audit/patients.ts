/** Patients of a set: those with images of two classes, and those on two sides of a split. */
import { groups, range } from 'd3-array'
import { numberBlocks } from '../data/alike/number-blocks'
import { correlation, unitVectors } from '../data/alike/near-duplicates'
import type { Dataset, Role } from '../data/dataset'
import { groupReader } from '../data/layouts/group-pattern'
import { loadPixels } from '../data/resized-images'
import type { Split } from '../data/split/split'
import { LabError, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'

/** One patient, or what stands in for one. */
export interface PatientImages {
  /** Such as 'patient 07'. */
  patient: string
  /** Classes of the patient's images, in the set's order. */
  classes: string[]
  /** Parts in which the patient has images; empty where no parts are known. */
  parts: Role[]
  images: number
}

/** What is known about a set's patients. */
export interface Patients {
  /** What stands for a patient; 'none' where nothing does. */
  by: 'patient' | 'number block' | 'file name' | 'none'
  /** How many patients are known. */
  patients: number
  /** How many images the set has. */
  images: number
  /** Images whose patient is not known. */
  unknown: number
  /** Patients with a single image. */
  single: number
  /** A split's description, or 'Parts as the set’s makers gave them'; null where no parts are known. */
  split: string | null
  /** Patients with images of two classes or more, in the order of the set's images. */
  inTwoClasses: PatientImages[]
  /** Patients with images in two parts or more; empty where no parts are known. */
  inTwoParts: PatientImages[]
}

export interface PatientOptions {
  /**
   * 'groups' (default): the set's own. 'number blocks': blocks of consecutive file numbers of one class, cut where two
   * neighbors are least alike.
   */
  by?: 'groups' | 'number blocks'
  /**
   * A regular expression on file names that names the patient in parentheses, such as 'person(\\d+)_'; instead of `by`.
   */
  groupPattern?: string
  /** The split whose parts are examined. Default: the parts that the set's makers gave, where they gave some. */
  split?: Split
}

const roles: readonly Role[] = ['train', 'validation', 'test']
/** Orders names by the numbers in them: 2 before 10. */
const byNumber = new Intl.Collator('en', { numeric: true })

/**
 * Finds patients with images of several classes, and patients with images in several parts.
 * @param options by: 'groups' (default) or 'number blocks'; groupPattern: names patients from file names; split: whose
 *   parts (default: those the set's makers gave)
 * @throws LabError 'bad-argument' for a pattern that is none or names no patient, or a split of another set
 * @example (await look.findPatients(ct, { split: parts })).inTwoParts.length
 */
export async function findPatients(dataset: Dataset, options: PatientOptions = {}): Promise<Patients> {
  requireKnownKeys('findPatients', options, { by: true, groupPattern: true, split: true })
  const { by, patients } = await namePatients(dataset, options)
  const { parts, split } = partsOf(dataset, options.split)
  const { items, labels } = dataset
  const known = range(items.length).filter(i => patients[i] !== null)
  const all = groups(known, i => patients[i]!).map(([patient, indices]): PatientImages => ({
    patient, images: indices.length,
    classes: labels.filter((_, label) => indices.some(i => items[i].label === label)),
    parts: roles.filter(role => indices.some(i => parts[i].includes(role))),
  }))
  return {
    by, split, patients: all.length, images: items.length, unknown: items.length - known.length,
    single: all.filter(({ images }) => images === 1).length,
    inTwoClasses: all.filter(({ classes }) => classes.length > 1),
    inTwoParts: all.filter(patient => patient.parts.length > 1),
  }
}

/** Each image's patient; null where it is not known. */
async function namePatients(
  dataset: Dataset, { by = 'groups', groupPattern }: PatientOptions,
): Promise<{ by: Patients['by']; patients: (string | null)[] }> {
  requireOneOf('by', by, ['groups', 'number blocks'])
  if (groupPattern !== undefined) return { by: 'file name', patients: patientsByPattern(dataset, groupPattern) }
  if (by === 'number blocks') return { by: 'number block', patients: await patientsByNumber(dataset) }
  const { grouping, items } = dataset
  return { by: grouping, patients: items.map(({ group }) => (grouping === 'none' ? null : group)) }
}

function patientsByPattern({ items }: Dataset, groupPattern: string): (string | null)[] {
  const patientOf = groupReader(groupPattern)
  const patients = items.map(({ name }) => patientOf(name))
  if (items.length > 0 && patients.every(patient => patient === null))
    throw new LabError('bad-argument', {
      expected: 'groupPattern to match file names',
      received: `'${groupPattern}', which matches none, such as ${items[0].name}`,
      remedy: 'Change the pattern: a pattern with a slash reads the whole path, any other the file’s own name',
    })
  return patients
}

/** Blocks of consecutive file numbers, class by class. */
async function patientsByNumber(dataset: Dataset): Promise<string[]> {
  const { items, labels } = dataset
  const vectors = unitVectors(await loadPixels(dataset, { size: 64 }))
  const patients = new Array<string>(items.length)
  labels.forEach((class_, label) => {
    const run = range(items.length).filter(i => items[i].label === label)
      .sort((a, b) => byNumber.compare(items[a].name, items[b].name))
    const blocks = run.length ? numberBlocks(run.length, i => correlation(vectors, run[i], run[i + 1])) : []
    run.forEach((item, i) => { patients[item] = `${class_} block ${String(blocks[i] + 1).padStart(2, '0')}` })
  })
  return patients
}

/** The parts in which each image is: one, none, or two where a protocol validates and tests on the same images. */
function partsOf(dataset: Dataset, split?: Split): { parts: Role[][]; split: string | null } {
  const { items } = dataset
  if (!split) {
    const authored = items.some(({ part }) => part !== undefined)
    const parts = items.map(({ part }) => (part ? [part] : []))
    return { parts, split: authored ? 'Parts as the set’s makers gave them' : null }
  }
  requireSplitOf(dataset, split)
  const parts = items.map((): Role[] => [])
  // The published protocol validates and tests on the same images, which are one side.
  for (const role of split.validation === split.test ? ['train', 'test'] as const : roles)
    split[role].indices.forEach(i => parts[i].push(role))
  return { parts, split: split.description }
}

/** @throws LabError 'bad-argument' for a split of another set */
export function requireSplitOf(dataset: Dataset, split: Split): void {
  if (split.dataset.contentHash === dataset.contentHash && split.dataset.items.length === dataset.items.length) return
  throw new LabError('bad-argument', {
    expected: `a split of ${dataset.name}`,
    received: `a split of ${split.dataset.name} with ${split.dataset.items.length} images`, remedy: 'Split the set that is examined',
  })
}
