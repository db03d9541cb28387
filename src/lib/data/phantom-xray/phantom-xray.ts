/**
 * The embedded X-ray set: radiographs of the chest, posterior to anterior, drawn by code from a seed.
 * It is for learning the tools and testing them without a download; it says nothing about disease.
 */
import { summarizedImage } from '../../images/image'
import { sha256 } from '../../system/hash'
import { requireKnownKeys } from '../../system/options'
import { permutation, stream } from '../../system/random'
import type { Item } from '../dataset'
import { checkIndex, completeOptions, rememberLast, seedRange } from '../phantom/options'
import type { Phantom } from '../phantom/phantom'
import { drawChest } from './chest'
import type { Site } from './exposure'
import { drawOpacities } from './opacities'
import { drawRadiograph, type XrayPatient } from './radiograph'
import { growBranches } from './vessels'

/** Settings of an X-ray phantom. */
export interface XrayPhantomOptions {
  /** How many patients, half of them with opacities; 2 to 999, default 96. */
  patients?: number
  /** Radiographs of each patient, taken on different days; 1 to 99, default 3. */
  imagesPerPatient?: number
  /** Width and height of the pictures in pixels; 32 to 512, default 192. */
  size?: number
  /** Another seed gives other patients; default 1. */
  seed?: number
  /** How strongly opacities show; 0 (not at all) to 2, default 1. */
  signal?: number
  /** How much patients, positions and exposures differ; 0 (all alike) to 2, default 1. */
  nuisance?: number
  /** How far the site follows the class; 0 (not at all) to 1 (all patients with opacities at site A), default 0. */
  shortcut?: number
}

/** Range and default of each option. */
const ranges = {
  patients: { low: 2, high: 999, default: 96, whole: true },
  imagesPerPatient: { low: 1, high: 99, default: 3, whole: true },
  size: { low: 32, high: 512, default: 192, whole: true },
  seed: seedRange,
  signal: { low: 0, high: 2, default: 1, whole: false },
  nuisance: { low: 0, high: 2, default: 1, whole: false },
  shortcut: { low: 0, high: 1, default: 0, whole: false },
}

/**
 * Opens an X-ray phantom: patients of two sites with several radiographs each. Half of the patients have opacities.
 * Site A exposes for a wide range of greys and marks the patient's left side with an L; site B exposes harder and
 * marks the right side with an R. Item names begin with the site. Pictures are drawn when they are read, in some
 * milliseconds each; nothing is written.
 * @throws LabError 'bad-argument' for an option outside its range
 * @example const phantom = await openXrayPhantom({ patients: 12, size: 96 })
 */
export async function openXrayPhantom(options: XrayPhantomOptions = {}): Promise<Phantom> {
  requireKnownKeys('the X-ray phantom', options, {
    patients: true, imagesPerPatient: true, size: true, seed: true, signal: true, nuisance: true, shortcut: true,
  })
  const settings = completeOptions(ranges, options)
  const { patients, imagesPerPatient: images, size } = settings
  const { ill, sites } = choosePatients(settings)
  const order = Array.from({ length: patients }, (_, i) => i)
    .sort((a, b) => sites[a] === sites[b] ? a - b : sites[a] < sites[b] ? -1 : 1)
  const name = (i: number) => `patient ${String(i + 1).padStart(String(patients).length, '0')}`
  const items = order.flatMap(patient => Array.from({ length: images }, (_, i): Item => {
    const image = String(i + 1).padStart(String(images).length, '0')
    return {
      name: `site ${sites[patient]}/${name(patient)}/image ${image}`, label: ill.has(patient) ? 0 : 1,
      group: name(patient),
    }
  }))
  const patient = rememberLast(number => drawPatient(settings, number, ill.has(number), sites[number]))
  const radiograph = (index: number) => drawRadiograph(patient(order[Math.floor(index / images)]), index % images, size)
  return {
    name: 'phantom-xray', title: 'Phantom chest X-ray', labels: ['opacity', 'clear'], positive: 'opacity', items,
    grouping: 'patient', modality: 'X-ray', evidence: 'phantom',
    notice: 'Phantom: drawn by code from a seed. For learning the tools and testing them; ' +
      'never evidence about disease.',
    licence: 'As this project', source: 'Drawn by this project', nearDuplicates: [],
    // Two pictures stand for the drawing code: where the code changes, caches of its pictures are no longer used.
    contentHash: sha256(JSON.stringify([
      'X-ray', settings, ...[0, items.length - 1].map(i => sha256(radiograph(i).image.data)),
    ])),
    read: async index => summarizedImage(radiograph(checkIndex(index, items.length)).image),
    mask: async index => radiograph(checkIndex(index, items.length)).mask,
  }
}

/** Half of the patients, chosen at random, have opacities; half of each class come from either site. */
function choosePatients({ patients, seed, shortcut }: Record<keyof typeof ranges, number>) {
  const order = [...permutation(patients, stream('radiograph class', seed))]
  const ill = order.slice(0, Math.round(patients / 2)), well = order.slice(ill.length)
  const sites: Site[] = []
  const share = (1 + shortcut) / 2
  ill.forEach((patient, i) => { sites[patient] = i < Math.round(share * ill.length) ? 'A' : 'B' })
  well.forEach((patient, i) => { sites[patient] = i < Math.round(share * well.length) ? 'B' : 'A' })
  return { ill: new Set(ill), sites }
}

function drawPatient(
  { seed, nuisance, signal }: Record<keyof typeof ranges, number>, number: number, ill: boolean, site: Site,
): XrayPatient {
  const chest = drawChest(seed, number, nuisance)
  return {
    seed, number, nuisance, site, chest, branches: growBranches(seed, number),
    opacities: ill ? drawOpacities(seed, number, chest, signal) : [],
  }
}
