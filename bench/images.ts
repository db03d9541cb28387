/** The images for rows that read files: the CT set if it was imported, else about as many images drawn by code. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '../src/lib/data/dataset'
import { openPhantom } from '../src/lib/data/phantom/phantom'
import { openDataset } from '../src/lib/data/registry'
import { LabError } from '../src/lib/system/errors'
import { writeFileAtomic } from '../src/lib/system/files'
import { encodePng } from '../src/lib/images/image-file'
import { inParallel } from '../src/lib/system/parallel'
import { referenceSplit } from '../src/lib/papers/reference-notebook'
import { inProject } from '../src/lib/system/project-root'
import type { ImageList } from './task'

const real = 'sars-cov-2-ct'

export interface BenchImages {
  list: ImageList
  /** Where the images come from, for readers of the result. */
  source: string
}

/** @param onProgress called while images are drawn, which takes a minute or two, once */
export async function benchImages(onProgress?: (done: number, count: number) => void): Promise<BenchImages> {
  const opened = await openDataset(real).catch(async (error: unknown) => {
    if (error instanceof LabError && error.code === 'data-missing') return null
    throw error
  })
  if (opened) return { list: listOf(opened, real), source: opened.title }
  const folder = inProject('.bench', 'images')
  await drawInto(folder, onProgress)
  const drawn = await openDataset(folder)
  return { list: listOf(drawn, folder), source: `${drawn.items.length} phantom slices, because ${real} was not imported` }
}

function listOf(dataset: Dataset, name: string): ImageList {
  const { train, validation } = referenceSplit(dataset)
  return {
    dataset: name,
    paths: dataset.items.map((_, i) => dataset.file!(i)),
    labels: dataset.items.map(item => item.label),
    train: [...train.indices], validation: [...validation.indices],
  }
}

/** Draws about as many slices as the CT set has, of about the same size. */
async function drawInto(folder: string, onProgress?: (done: number, count: number) => void): Promise<void> {
  const phantom = await openPhantom({ patients: 310, slicesPerPatient: 8, size: 320 })
  const { items, labels } = phantom
  let done = 0
  await inParallel(items.length, 4, async index => {
    const { name, label } = items[index]
    const path = join(folder, labels[label], `${name.replace('/', ', ')}.png`)
    if (!existsSync(path)) await writeFileAtomic(path, await encodePng(await phantom.read(index)))
    onProgress?.(++done, items.length)
  })
}
