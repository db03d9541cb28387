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

/** The lungs of a set. */
export interface SetLungs {
  /** Null where lungs cannot be looked for. */
  masks: LungMasks | null
  summary: LungSummary | null
  /** Why nothing can be asked about the lungs, in words; null where it can. */
  lack: string | null
}

/** Below this share of a class's images an arm would speak of a chosen few. */
const leastShare = 0.5

/** Finds the lungs of a set. */
export async function findSetLungs(dataset: Dataset, signal?: AbortSignal): Promise<SetLungs> {
  const reason = lackOfLungs(dataset)
  if (reason !== null) return { masks: null, summary: null, lack: reason }
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
  const found = `${summary.found} of ${summary.images} images`
  const lack = `lungs were found in ${found}, and in fewer than half of those of ${scarce}`
  return { masks, summary, lack: scarce === undefined ? null : lack }
}

/**
 * What the classifiers of an arm read.
 * @param masks of the lungs, where they are known: 'border only' leaves them out
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
