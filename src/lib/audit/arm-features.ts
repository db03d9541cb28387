/** What classifiers read of an image: facts about its file, its greys, its edges, or what a frozen network sees. */
import { range } from 'd3-array'
import { stat } from 'node:fs/promises'
import { histogramFeatures, pixelFeatures } from '../baselines/baselines'
import type { Dataset } from '../data/dataset'
import type { Features } from '../data/feature-rows'
import { readFileFacts, type FileFacts } from '../data/look/file-facts'
import { loadPixels, type Pixels } from '../data/resized-images'
import { selectImages } from '../data/selected-part'
import { hog } from '../images/hog'
import { splitSliceName } from '../images/volume-file'
import { stageFeatures } from '../inference/stage-features'
import type { Model } from '../model/model'
import { inParallel } from '../system/parallel'

/** Kinds of features. */
export type FeatureKind = 'channels' | 'image size' | 'file bytes' | 'file facts' | 'grey levels' | 'histogram' | 'pixels'
  | 'edge directions' | 'border pixels' | 'network'

/** Width and height of images in pixels, but for the network's. */
export const pixelSize = 64
/** Larger cells than the usual 8 pixels: a fifth of the numbers, and a fit takes a fifth of the time. */
const hogOptions = { cell: 16, block: 2 } as const
/** Images whose outermost pixels are read one by one: small ones, so that a mark of a few pixels fills one. */
const borderPixels = { size: 32, width: 2 } as const
/** The stage of a frozen network whose averages separate CT slices best. */
const stage = 'conv3'

/** Features of all items of one set, each kind computed once, when it is first needed. */
export class ArmFeatures {
  private readonly computed = new Map<FeatureKind, Promise<Features>>()

  /** @param network frozen; null where there is none */
  constructor(
    private readonly dataset: Dataset, private readonly network: Model | null, private readonly signal?: AbortSignal,
  ) {}

  /** @returns one row an item. @throws LabError 'bad-image'; the signal's reason when the signal fires */
  of(kind: FeatureKind): Promise<Features> {
    const features = this.computed.get(kind) ?? this.compute(kind)
    this.computed.set(kind, features)
    return features
  }

  private async compute(kind: FeatureKind): Promise<Features> {
    const { dataset, network, signal } = this
    switch (kind) {
      case 'channels': case 'image size': case 'file bytes': case 'file facts':
        return rowsOf((await fileRows(dataset)).map(row => [row[kind]].flat()))
      case 'grey levels': return rowsOf((await readFileFacts(dataset)).map(greyRow))
      case 'network': {
        const part = selectImages(dataset, [...dataset.items.keys()])
        return (await stageFeatures(network!, part, { signal })).get(stage)!
      }
      case 'border pixels': return outermost(await loadPixels(dataset, { size: borderPixels.size }))
      default: {
        const pixels = await loadPixels(dataset, { size: pixelSize })
        const all = [...dataset.items.keys()]
        return kind === 'histogram' ? histogramFeatures(pixels, all)
          : kind === 'pixels' ? pixelFeatures(pixels, all) : edgeDirections(pixels)
      }
    }
  }
}

/** Some rows, in the order asked for. */
export function selectRows({ dimensions, values }: Features, rows: readonly number[]): Features {
  const selected = new Float32Array(rows.length * dimensions)
  rows.forEach((row, i) => selected.set(values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions))
  return { count: rows.length, dimensions, values: selected }
}

/** Facts about a file, as logarithms: factors count, not differences. */
type FileRow = Record<'channels' | 'image size' | 'file bytes' | 'file facts', number[]>

/** Width, height, aspect, channels, and where there are files bytes and bytes a pixel: how well the file compresses. */
async function fileRows(dataset: Dataset): Promise<FileRow[]> {
  const facts = await readFileFacts(dataset)
  const sizes = await inParallel(facts.length, 32, async index => {
    const path = dataset.file?.(index)
    return path === undefined ? 1 : (await stat(splitSliceName(path)?.file ?? path)).size
  })
  return facts.map(({ width, height, channels }, i) => {
    const size = [width, height, width / height].map(Math.log)
    const bytes = [sizes[i], sizes[i] / (width * height)].map(Math.log), channel = [Math.log(channels)]
    return { channels: channel, 'image size': size, 'file bytes': bytes, 'file facts': [...channel, ...size, ...bytes] }
  })
}

function greyRow({ mean, spread, minimum, maximum }: FileFacts): number[] {
  return [mean, spread, minimum, maximum]
}

function rowsOf(rows: readonly (readonly number[])[]): Features {
  const dimensions = rows[0]?.length ?? 0
  return { count: rows.length, dimensions, values: Float32Array.from(rows.flat()) }
}

/** Grey levels of the outermost pixels, line by line. */
function outermost({ size, count, data }: Pixels): Features {
  const isInside = (i: number) => borderPixels.width <= i && i < size - borderPixels.width
  const places = range(size * size).filter(i => !(isInside(i % size) && isInside(Math.floor(i / size))))
  const values = Float32Array.from({ length: count * places.length }, (_, i) =>
    data[Math.floor(i / places.length) * size * size + places[i % places.length]])
  return { count, dimensions: places.length, values }
}

function edgeDirections({ size, count, data }: Pixels): Features {
  const rows = Array.from({ length: count }, (_, i) =>
    hog(data.subarray(i * size * size, (i + 1) * size * size), { width: size, height: size }, hogOptions))
  const dimensions = rows[0]?.length ?? 0, values = new Float32Array(count * dimensions)
  rows.forEach((row, i) => values.set(row, i * dimensions))
  return { count, dimensions, values }
}
