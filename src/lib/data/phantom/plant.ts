/** Faults planted on demand: a test of an audit needs sets whose faults are known. */
import { LabError, requireInRange } from '../../system/errors'
import { sha256 } from '../../system/hash'
import { requireKnownKeys } from '../../system/options'
import { permutation, stream } from '../../system/random'
import type { Dataset } from '../dataset'
import { summarizedDataset } from '../dataset-summary'
import { seedRange } from './options'
import { addCopies, type Copies } from './planted-copies'
import { atLeastOne, choosePatients } from './planted-patients'
import { asCopy, asOtherSite, paintCornerMark, shifted } from './planted-pixels'

/** Which faults are planted, and how strongly; what is left out is not planted. */
export interface PlantOptions {
  /**
   * Share of the patients (of the images, where no groups are known) who come a second time under another name; 0 to 1,
   * default 0.
   */
  duplicatedPatients?: number
  /** Share of the first class's patients whose images carry a bright square in a corner; 0 to 1, default 0. */
  cornerMark?: number
  /** Share of the first class's patients whose images come from another site; 0 to 1, default 0. */
  site?: number
  /** Share of the images that get another class's label; 0 to 1, default 0. */
  wrongLabels?: number
  /** Another seed chooses other patients and images; whole, 0 or more. */
  seed: number
}

/** Where the faults lie: the truth that an audit is compared with. Indices are those of the new set's items. */
export interface Planted {
  /** An image, and its second appearance under another name. */
  copies: readonly (readonly [number, number])[]
  /** Images that carry the mark. */
  cornerMark: readonly number[]
  /** Images of the other site. */
  site: readonly number[]
  /** Images with a wrong label. */
  wrongLabels: readonly number[]
}

/**
 * Plants faults in a data set at chosen strengths. The set itself stays as it is. A strength of 0 changes nothing; a
 * strength above 0 concerns at least one patient or image.
 *
 * - `duplicatedPatients`: the second appearance is a little brighter or darker and moved by a pixel, as are its masks.
 *   A split by group may put one name in training and the other in the test part.
 * - `cornerMark`: at 1 the mark tells the class. The first class is `dataset.positive`, else the first label.
 * - `site`: images of the other site are brighter, of less contrast, noisier, and have a black border; at 1 the site
 *   tells the class. Names do not tell the site.
 * - `wrongLabels`: any image may get one, whatever its patient.
 *
 * The images of a real set are real no longer: its evidence becomes 'planted', and the notice names the faults. Pixels
 * are changed when images are read; a set with changed pixels has no files.
 * @throws LabError 'bad-argument' for a strength outside 0 to 1, or where a fault needs two classes and the set has one
 * @example const { dataset, planted } = plantFaults(data, { cornerMark: 0.5, wrongLabels: 0.1, seed: 1 })
 */
export function plantFaults(dataset: Dataset, options: PlantOptions): { dataset: Dataset; planted: Planted } {
  requireKnownKeys('plantFaults', options,
    { duplicatedPatients: true, cornerMark: true, site: true, wrongLabels: true, seed: true })
  const { seed } = options
  requireInRange('seed', seed, { ...seedRange }, 'Pass a seed, such as 1')
  const strengths = readStrengths(options)
  const faults = Object.entries(strengths).filter(([, strength]) => strength > 0)
  if (faults.length === 0) return { dataset, planted: { copies: [], cornerMark: [], site: [], wrongLabels: [] } }
  const copied = addCopies(dataset, strengths.duplicatedPatients, seed)
  const marked = chooseOfFirstClass(copied.set, strengths.cornerMark, 'planted corner mark', seed)
  const away = chooseOfFirstClass(copied.set, strengths.site, 'planted site', seed)
  const labels = wrongLabels(copied.set, strengths.wrongLabels, seed)
  const changed = copied.pairs.length + marked.length + away.length > 0
  return {
    dataset: summarizedDataset({
      ...copied.set,
      ...(changed ? readers(copied, new Set(marked), new Set(away), seed) : {}),
      name: `${dataset.name}-planted`,
      title: `${dataset.title} with planted faults`,
      items: copied.set.items.map((item, i) => ({ ...item, label: labels.get(i) ?? item.label })),
      evidence: dataset.evidence === 'real' ? 'planted' : dataset.evidence,
      notice: `${dataset.notice} Faults were planted on purpose (${faults.map(describe).join(', ')}): `
        + 'never evidence about disease.',
      contentHash: sha256(JSON.stringify([dataset.contentHash, 'planted', drawing, strengths, seed, firstClass(dataset)])),
    }),
    planted: { copies: copied.pairs, cornerMark: marked, site: away, wrongLabels: [...labels.keys()] },
  }
}

/** Part of the content hash: raise it where the code changes pixels, so that no cache of earlier ones is read. */
const drawing = 1

type Fault = Exclude<keyof PlantOptions, 'seed'>

const names: Record<Fault, string> = {
  duplicatedPatients: 'patients twice', cornerMark: 'a corner mark', site: 'another site', wrongLabels: 'wrong labels',
}

function readStrengths(options: PlantOptions): Record<Fault, number> {
  const strengths = {} as Record<Fault, number>
  for (const fault of Object.keys(names) as Fault[]) {
    strengths[fault] = options[fault] ?? 0
    requireInRange(fault, strengths[fault], { low: 0, high: 1 }, `Leave ${fault} out for 0`)
  }
  return strengths
}

function describe([fault, strength]: [string, number]): string {
  return `${names[fault as Fault]}: ${strength}`
}

/** The items of a share of the first class's patients, in order; an image without a patient counts for one. */
function chooseOfFirstClass(dataset: Dataset, share: number, purpose: string, seed: number): number[] {
  if (share === 0) return []
  requireTwoClasses(dataset)
  const first = firstClass(dataset)
  const ofClass = dataset.items.flatMap(({ label }, i) => (label === first ? [i] : []))
  return choosePatients(dataset, ofClass, share, stream(purpose, seed)).flat().sort((a, b) => a - b)
}

/** The number of the class whose patients get the mark or come from the other site. */
function firstClass({ labels, positive }: Dataset): number {
  return positive === undefined ? 0 : labels.indexOf(positive)
}

/** The new label of each image that gets a wrong one, by index, in order. */
function wrongLabels(dataset: Dataset, share: number, seed: number): Map<number, number> {
  if (share === 0) return new Map()
  requireTwoClasses(dataset)
  const { items, labels } = dataset
  const random = stream('planted wrong labels', seed)
  const chosen = [...permutation(items.length, random)].slice(0, atLeastOne(share, items.length)).sort((a, b) => a - b)
  return new Map(chosen.map(i => [i, (items[i].label + 1 + random.integer(labels.length - 1)) % labels.length]))
}

function requireTwoClasses({ name, labels }: Dataset): void {
  if (labels.length > 1) return
  throw new LabError('bad-argument', {
    expected: 'a data set of two classes or more', received: `${name}, with ${labels.length}`,
    remedy: 'A mark, a site or a wrong label means something between classes only',
  })
}

/** How the new set's images and masks are read; its files would show the images without their faults. */
function readers(
  { set, changes }: Copies, marked: ReadonlySet<number>, away: ReadonlySet<number>, seed: number,
): Pick<Dataset, 'read' | 'mask' | 'file'> {
  const { mask } = set
  return {
    read: async index => {
      let image = await set.read(index)
      const change = changes.get(index)
      if (change) image = asCopy(image, change)
      if (away.has(index)) image = asOtherSite(image, stream('planted site noise', seed, index))
      if (!marked.has(index)) return image
      const copy = { ...image, data: image.data.slice() }
      paintCornerMark(copy)
      return copy
    },
    ...(mask ? {
      mask: async (index: number) => {
        const change = changes.get(index)
        return change ? shifted(await mask(index), change.shift) : mask(index)
      },
    } : {}),
    file: undefined,
  }
}
