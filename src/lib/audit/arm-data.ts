/** The images of a set as an arm shows them to its classifiers. */
import { coverImages } from '../data/covered'
import type { Dataset } from '../data/dataset'
import { classCounts } from '../data/dataset-summary'
import { lackOfLungs, openLungMasks, type LungMasks } from '../data/lung-masks'
import type { Model } from '../model/model'
import { ArmFeatures } from './arm-features'
import type { ArmData } from './out-of-fold'
import type { ArmInput } from './scored-arm'

/** In how many images lungs were found. */
export interface LungSummary {
  /** 'masks': the set's own. 'darkness': dark regions inside the body. */
  source: 'masks' | 'darkness'
  found: number
  images: number
  /** Images of each class whose lungs are not known, such as 'COVID 5, non-COVID 15'; they are left out. */
  unknown: string
}

/** The lungs of a set: masks and how many there are, or why there are none. */
export type SetLungs =
  { masks: LungMasks; summary: LungSummary } | { masks: null; summary: LungSummary | null; lack: string }

/** Below this share of a class's images an arm would speak of a chosen few. */
const leastShare = 0.5

/** Finds the lungs of a set. */
export async function findSetLungs(dataset: Dataset, signal?: AbortSignal): Promise<SetLungs> {
  const lack = lackOfLungs(dataset)
  if (lack !== null) return { masks: null, summary: null, lack }
  const masks = await openLungMasks(dataset, { signal })
  const { items, labels } = dataset
  const unknown = [...items.keys()].filter(index => !masks.known[index])
  const summary = {
    source: masks.source, found: items.length - unknown.length, images: items.length,
    unknown: classCounts(dataset, unknown),
  }
  const scarce = labels.find((_, label) => {
    const images = items.filter(item => item.label === label).length
    return images - unknown.filter(index => items[index].label === label).length < leastShare * images
  })
  if (scarce === undefined) return { masks, summary }
  const found = `${summary.found} of ${summary.images} images`
  return { masks: null, summary, lack: `lungs were found in ${found}, and in fewer than half of those of ${scarce}` }
}

/**
 * What the classifiers of an arm read.
 * @param masks needed for inputs about lungs only
 */
export async function armDataOf(
  dataset: Dataset, input: ArmInput, masks: LungMasks | null, network: Model | null, signal?: AbortSignal,
): Promise<ArmData> {
  const all = Int32Array.from(dataset.items.keys())
  if (input === 'whole image' || input === 'no pixels')
    return { dataset, features: new ArmFeatures(dataset, network, signal), rows: all }
  const covered = await coverImages(dataset, input, masks)
  let row = 0
  const rows = input === 'border only' ? all : all.map(index => (masks!.known[index] ? row++ : -1))
  return { dataset, features: new ArmFeatures(covered, network, signal), rows }
}
