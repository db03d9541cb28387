/** Where results of a data set go: into its own folder under results/. */
import { join } from 'node:path'
import { encodePng } from '../images/image-file'
import { requireInRange } from '../system/errors'
import { writeFileAtomic } from '../system/files'
import { sha256 } from '../system/hash'
import { insideFolder } from '../system/safe-path'
import { resultsFolder } from './data-folder'
import type { Dataset } from './dataset'

/**
 * A path in the data set's own folder, results/SET in the project, wherever the notebook lies. Nothing is made there.
 * @param name of a file or folder, such as 'model'
 * @throws LabError 'outside-folder' for a name that leads elsewhere
 * @example resultPath(data, 'predictions.csv')
 */
export function resultPath({ name: set }: Pick<Dataset, 'name'>, name: string): string {
  return insideFolder(resultsFolder(set), name)
}

/**
 * Writes an image of a data set as a file of its own, as the laboratory reads it: a PNG of 8 bits, grey, in the folder
 * results/SET/images.
 * @param index of the data set's items
 * @returns the file's path
 * @throws LabError 'bad-argument' for an index that does not exist; 'bad-image', 'write-failed'
 * @example await look.storeImage(data, 0)
 */
export async function storeImage(data: Dataset, index: number): Promise<string> {
  requireInRange('index', index, { low: 0, high: data.items.length - 1, whole: true })
  const path = resultPath(data, join('images', fileName(data.items[index].name)))
  await writeFileAtomic(path, await encodePng(await data.read(index)))
  return path
}

/** A file name for every item of a set: what disks take of its last 60 characters, and six letters of its hash. */
function fileName(item: string): string {
  const readable = item.replace(/\.[a-z]{2,4}$/i, '').replace(/[^\p{L}\p{N}]+/gu, '-').slice(-60).replace(/^-|-$/g, '')
  return `${readable}-${sha256(item).slice(0, 6)}.png`
}
