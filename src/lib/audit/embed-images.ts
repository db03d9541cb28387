/** A map of images by a network's features, with what is known of each image. */
import type { Grouping, Item, Role } from '../data/dataset'
import type { Features } from '../data/feature-rows'
import type { Part } from '../data/split/split'
import type { ComputeControl } from '../inference/outputs'
import { checkFit } from '../inference/predict'
import { featureStages, stageFeatures } from '../inference/stage-features'
import type { Stage } from '../model/architecture'
import type { Model } from '../model/model'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { counted, withSummary } from '../system/summary'
import { neighborMap } from './neighbor-map'
import { principalComponents } from './principal-components'

/** An image on the map. */
export interface EmbeddedImage {
  name: string
  x: number
  y: number
  class: string
  /** Null where it is not known. */
  group: string | null
  part: Role
  /** The data set, where there are several; else the folder, where it says more than class and group; else null. */
  source: string | null
  /** Index of the image whose features are most like this one's. */
  nearest: number
}

/** Images laid out so that those with features alike lie close together. Plain data. */
export interface Embedding {
  images: readonly EmbeddedImage[]
  grouping: Grouping
  stage: Stage
  neighbors: number
  seed: number
  /** Principal components from which the map is made, and the share of the variance that they hold. */
  components: number
  variance: number
  notice: string
}

/** How the map is made. */
export interface EmbedOptions extends ComputeControl {
  /** The stage whose features are read. Default 'conv5', the last before the head. */
  stage?: Stage
  /** Neighbors of each image that shape the map, itself included, as in UMAP. Default 15, or fewer with few images. */
  neighbors?: number
  /** Of the map. Default 0. */
  seed?: number
}

/** Components from which neighbors are found, and the fewest images of which there is a map. */
const mostComponents = 50, fewest = 4

/**
 * A map of images: a stage's features, their first 50 principal components, and a layout of those by UMAP. What it
 * means is said where notebooks call it (src/lib/notebook/live/embed-images.ts).
 * @throws LabError 'bad-argument' for fewer than 4 images, or an option outside its range; the signal's reason
 */
export async function embedImages(
  model: Model, parts: Part | readonly Part[], options: EmbedOptions = {},
): Promise<Embedding> {
  requireKnownKeys('embedImages', options, { stage: true, neighbors: true, seed: true, onProgress: true, signal: true })
  const list = 'dataset' in parts ? [parts] : parts, known = list.flatMap(part => knownOf(part, list))
  const high = known.length - 1
  if (known.length < fewest)
    throw new LabError('bad-argument', {
      expected: `${fewest} images or more for a map`, received: counted(known.length, 'image'), remedy: 'Choose larger parts',
    })
  const { stage = 'conv5', neighbors = Math.min(15, high), seed = 0, onProgress, signal } = options
  requireOneOf('stage', stage, featureStages)
  requireInRange('neighbors', neighbors, { low: 2, high, whole: true })
  requireInRange('seed', seed, { low: 0, whole: true })
  const features: Features[] = []
  let before = 0
  for (const part of list) {
    checkFit(model, part)
    const found = await stageFeatures(model, part, {
      signal, onProgress: done => onProgress?.(before + done, 2 * known.length),
    })
    features.push(unitRows(found.get(stage)!))
    before += part.indices.length
  }
  const rows = principalComponents(joined(features), mostComponents)
  const { positions, nearest } = await neighborMap(rows, neighbors, seed, {
    signal, onProgress: (done, count) => onProgress?.(known.length * (1 + done / count), 2 * known.length),
  })
  onProgress?.(2 * known.length, 2 * known.length)
  return summarized({
    images: known.map((image, i) => ({ ...image, x: positions[i][0], y: positions[i][1], nearest: nearest[i] })),
    grouping: list[0].dataset.grouping, stage, neighbors, seed, components: rows.dimensions, variance: rows.variance,
    notice: [...new Set(list.map(({ dataset }) => dataset.notice))].join(' '),
  })
}

function summarized(embedding: Embedding): Embedding {
  return withSummary(embedding, ({ images, stage, neighbors, seed }) =>
    `Map of ${counted(images.length, 'image')} by their ${stage} features, ${neighbors} neighbors, seed ${seed}`,
  'show(figures.embeddingMap(x))')
}

function knownOf({ dataset, indices, role }: Part, all: readonly Part[]): Omit<EmbeddedImage, 'x' | 'y' | 'nearest'>[] {
  const set = setName(dataset, all)
  return indices.map(index => {
    const item = dataset.items[index], label = dataset.labels[item.label]
    // 'patient 01' of two sets is two patients.
    const group = set && item.group !== null ? `${set}: ${item.group}` : item.group
    return { name: item.name, class: label, group, part: role, source: set ?? folderOf(item, label) }
  })
}

/** What tells a set from the others: its title, with a number where titles are equal; null where there is one set. */
function setName({ title, contentHash }: Part['dataset'], all: readonly Part[]): string | null {
  const hashes = (of: readonly Part[]) => [...new Set(of.map(part => part.dataset.contentHash))]
  const alike = hashes(all.filter(part => part.dataset.title === title))
  if (alike.length > 1) return `${title} ${alike.indexOf(contentHash) + 1}`
  return new Set(all.map(part => part.dataset.title)).size > 1 ? title : null
}

/** The folders in an image's name that are neither its class nor its group; null where there are none. */
function folderOf({ name, group }: Item, label: string): string | null {
  return name.split('/').slice(0, -1).filter(folder => folder !== label && folder !== group).join('/') || null
}

/** Each row scaled to length 1. */
function unitRows({ count, dimensions, values }: Features): Features {
  const lengths = Float64Array.from({ length: count }, (_, row) =>
    Math.sqrt(values.subarray(row * dimensions, (row + 1) * dimensions).reduce((sum, value) => sum + value * value, 0)))
  return { count, dimensions, values: values.map((value, i) => value / (lengths[Math.floor(i / dimensions)] || 1)) }
}

function joined(parts: readonly Features[]): Features {
  const { dimensions } = parts[0], count = parts.reduce((sum, part) => sum + part.count, 0)
  const values = new Float32Array(count * dimensions)
  let start = 0
  for (const part of parts) {
    values.set(part.values, start)
    start += part.values.length
  }
  return { count, dimensions, values }
}
