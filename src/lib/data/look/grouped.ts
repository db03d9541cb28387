/** Data for lessons that need what a set may lack: groups of several images, masks of the findings. */
import { range, rollup } from 'd3-array'
import type { Dataset } from '../dataset'
import type { Phantom } from '../phantom/phantom'
import { plantFaults } from '../phantom/plant'
import { requireBoolean, requireKnownKeys } from '../../system/options'
import { defaultPhantom, defaultXrayPhantom, openDataset } from '../registry'
import { unitsOf } from '../split/units'
import { selectItems } from '../subset'

/** Five folds need five groups of each class. */
const leastGroups = 5

/**
 * The reason why a set cannot show what its groups do: no group is known; a class has fewer than five; or more than
 * half of the images are the only one of their group. Null where it can. Groups with nearly equal images count once.
 */
export function lackOfGroups(dataset: Dataset): 'no groups' | 'few groups' | 'single images' | null {
  const { labels, items, grouping } = dataset
  const grouped = withGroup(dataset)
  if (grouping === 'none' || grouped.length === 0) return 'no groups'
  const sizes = rollup(grouped, images => images.length, i => items[i].group)
  const siblings = grouped.filter(i => sizes.get(items[i].group)! > 1).length
  if (siblings < items.length / 2) return 'single images'
  const units = unitsOf(dataset, 'group', grouped)
  const groupsOf = (label: number) => units.filter(unit => unit.some(i => items[i].label === label)).length
  return labels.some((_, label) => groupsOf(label) < leastGroups) ? 'few groups' : null
}

/**
 * The set itself where its groups can be compared, without the images whose group is not known; else the phantom of
 * its modality, so that a lesson about groups has some. `explain(data, 'which images show the groups')` says which of
 * the two it is.
 * @example const families = await look.chooseGrouped(data)
 */
export async function chooseGrouped(data: Dataset): Promise<Dataset> {
  if (lackOfGroups(data) !== null) return openPhantomLike(data)
  const grouped = withGroup(data)
  return grouped.length === data.items.length ? data : selectItems(data, grouped)
}

/** Another phantom than the usual one. */
export interface PhantomLikeOptions {
  /** Another seed gives other patients. Whole, 0 or more; default 1. */
  seed?: number
  /** How strongly the findings show: 0 (not at all) to 2; default 1. */
  signal?: number
  /** Whether another machine takes all images: brighter, flatter, noisier, with a black border. Default false. */
  otherSite?: boolean
}

/**
 * The phantom of a set's modality: the X-ray phantom for X-rays, the CT phantom for CT and for what is unknown. Its
 * masks outline the findings.
 * @throws LabError 'bad-argument' for an option outside its range
 * @example const phantom = await look.openPhantomLike(data)
 * @example const faint = await look.openPhantomLike(data, { signal: 0.2 })
 */
export async function openPhantomLike({ modality }: Dataset, options: PhantomLikeOptions = {}): Promise<Phantom> {
  requireKnownKeys('openPhantomLike', options, { seed: true, signal: true, otherSite: true })
  const { otherSite = false, ...drawn } = options
  requireBoolean('otherSite', options.otherSite)
  const phantom = await (modality === 'X-ray'
    ? openDataset('phantom-xray', { xrayPhantom: { ...defaultXrayPhantom(), ...drawn } })
    : openDataset('phantom', { phantom: { ...defaultPhantom(), ...drawn } })) as Phantom
  return otherSite ? atOtherSite(phantom) : phantom
}

/** The phantom as another machine would take it: of `plantFaults`, whose site concerns one class, class by class. */
function atOtherSite(phantom: Phantom): Phantom {
  const { labels, title } = phantom
  const { contentHash, read } = labels.reduce<Dataset>((set, positive) =>
    plantFaults({ ...set, positive }, { site: 1, seed: 1 }).dataset, phantom)
  return { ...phantom, title: `${title}, another machine`, contentHash, read }
}

/** Indices of the images whose group is known. */
function withGroup({ items }: Dataset): number[] {
  return range(items.length).filter(i => items[i].group !== null)
}
