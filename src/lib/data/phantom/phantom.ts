/**
 * The embedded data set: axial chest CT slices drawn by code from a seed.
 * It is for learning the tools and testing them without a download; it says nothing about disease.
 */
import { LabError } from '../../system/errors'
import { sha256 } from '../../system/hash'
import { requireBoolean, requireKnownKeys } from '../../system/options'
import { summarizedImage, type Image } from '../../images/image'
import { permutation, stream } from '../../system/random'
import type { Dataset, Item } from '../dataset'
import { drawBody } from './body'
import { drawFindings } from './findings'
import { checkIndex, completeOptions, rememberLast, seedRange } from './options'
import { drawSlice, type PhantomPatient } from './slice'
import { growVessels } from './vessels'

/** Settings of a phantom. */
export interface PhantomOptions {
  /** How many patients, half of them with COVID; 2 to 999, default 48. */
  patients?: number
  /** Neighboring slices of each patient; 1 to 99, default 8. */
  slicesPerPatient?: number
  /** Width and height of the pictures in pixels; 32 to 512, default 192. */
  size?: number
  /** Another seed gives other patients; default 1. */
  seed?: number
  /** How strongly lesions show; 0 (not at all) to 2, default 1. */
  signal?: number
  /** How much patients and scanners differ; 0 (all alike) to 2, default 1. */
  nuisance?: number
  /** Share of the COVID patients whose pictures carry a bright corner mark; 0 to 1, default 0. */
  shortcut?: number
  /** Both classes get small opacities of the same kind, number and size; only the location differs. Default false. */
  hard?: boolean
}

const ranges = {
  patients: { low: 2, high: 999, default: 48, whole: true },
  slicesPerPatient: { low: 1, high: 99, default: 8, whole: true },
  size: { low: 32, high: 512, default: 192, whole: true },
  seed: seedRange,
  signal: { low: 0, high: 2, default: 1, whole: false },
  nuisance: { low: 0, high: 2, default: 1, whole: false },
  shortcut: { low: 0, high: 1, default: 0, whole: false },
}

/** A data set with masks of its lesions. */
export interface Phantom extends Dataset {
  /** The mask of an item's lesions: 255 inside, 0 elsewhere; of the image's size, one channel. */
  mask(index: number): Promise<Image>
}

/**
 * Opens a phantom: patients with neighboring slices. Half of the patients have findings like those of COVID (rounded
 * ground-glass opacities and consolidation at the pleura of both lungs), the other half nodules, emphysema, edema,
 * central or lobar consolidation, or none. Pictures are drawn when they are read, in some milliseconds each; nothing is
 * written.
 * @throws LabError 'bad-argument' for an option outside its range
 * @example const phantom = await openPhantom({ patients: 12, size: 96 })
 */
export async function openPhantom(options: PhantomOptions = {}): Promise<Phantom> {
  requireKnownKeys('the phantom', options, {
    patients: true, slicesPerPatient: true, size: true, seed: true, signal: true, nuisance: true, shortcut: true,
    hard: true,
  })
  requireBoolean('hard', options.hard)
  // The order decides the content hash.
  const settings = { hard: options.hard ?? false, ...completeOptions(ranges, options) }
  const { patients, slicesPerPatient: slices, size } = settings
  const { covid, marked } = choosePatients(settings)
  const digits = String(patients).length
  const name = (i: number) => `patient ${String(i + 1).padStart(digits, '0')}`
  const items = Array.from({ length: patients * slices }, (_, i): Item => {
    const patient = Math.floor(i / slices)
    const slice = String(i % slices + 1).padStart(String(slices).length, '0')
    return { name: `${name(patient)}/slice ${slice}`, label: covid.has(patient) ? 0 : 1, group: name(patient) }
  })
  const patient = rememberLast((number: number) => drawPatient(settings, number, covid.has(number), marked.has(number)))
  const slice = (index: number) => drawSlice(patient(Math.floor(index / slices)), index % slices, size)
  return {
    name: 'phantom', title: 'Phantom chest CT', labels: ['COVID', 'non-COVID'], positive: 'COVID', items, grouping: 'patient',
    modality: 'CT', evidence: 'phantom',
    notice: 'Phantom: drawn by code from a seed. For learning the tools and testing them; ' +
      'never evidence about disease.',
    licence: 'As this project', source: 'Drawn by this project', nearDuplicates: [],
    // Two pictures identify the drawing code: if the code changes, caches of its earlier pictures are no longer used.
    contentHash: sha256(JSON.stringify([settings, ...[0, items.length - 1].map(i => sha256(slice(i).image.data))])),
    read: async index => summarizedImage(slice(checkIndex(index, items.length)).image),
    mask: async index => slice(checkIndex(index, items.length)).mask,
  }
}

/**
 * The mask of the lesions of a phantom's item: 255 inside, 0 outside, of the image's size, one channel.
 * @throws LabError 'bad-argument' for a data set that is no phantom, or an index that it does not have
 */
export async function phantomMask(dataset: Dataset, index: number): Promise<Image> {
  if (dataset.evidence === 'phantom' && dataset.mask) return dataset.mask(index)
  throw new LabError('bad-argument', {
    expected: 'a phantom', received: dataset.name,
    remedy: "Open one with openDataset('phantom'): only it has lesion masks",
  })
}

/** Half of the patients, chosen at random, have COVID; pictures of a share of them carry the corner mark. */
function choosePatients({ patients, seed, shortcut }: Required<PhantomOptions>) {
  const order = [...permutation(patients, stream('phantom class', seed))]
  const covid = order.slice(0, Math.round(patients / 2))
  return { covid: new Set(covid), marked: new Set(covid.slice(0, Math.round(shortcut * covid.length))) }
}

function drawPatient(
  { seed, slicesPerPatient, nuisance, signal, hard }: Required<PhantomOptions>, number: number,
  covid: boolean, marked: boolean,
): PhantomPatient {
  const body = drawBody(seed, number, slicesPerPatient, nuisance)
  return {
    seed, number, marked, body,
    vessels: growVessels(seed, number, body), lesions: drawFindings(seed, number, body, covid, signal, hard),
  }
}
