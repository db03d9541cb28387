/** Folders of images as people have them, made from a phantom's pictures. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { openXrayPhantom } from '../../src/lib/data/phantom-xray/phantom-xray'
import type { Image } from '../../src/lib/images/image'

/**
 * Images of a folder are no slices as far as anybody knows. The CT phantom, which stands beside images of unknown
 * modality, names its images 'patient 1/slice 2': that is no claim about the folder.
 */
export const sliceWord = /(?<!patient\s+\d+\/)\bslices?\b/i

/** One image of a folder: its path in the folder, and its patient where `groups.csv` shall name one. */
export interface FolderImage {
  path: string
  patient?: string
}

/** Writes images of the X-ray phantom under the given paths, and `groups.csv` where patients are given. */
export async function writeFolder(folder: string, images: readonly FolderImage[]): Promise<string> {
  const patients = images.length + images.length % 2
  const phantom = await openXrayPhantom({ patients, imagesPerPatient: 1, size: 96, seed: 7 })
  for (const [i, { path }] of images.entries()) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, await encoded(await phantom.read(i), path))
  }
  const known = images.filter(image => image.patient !== undefined)
  if (known.length)
    writeFileSync(join(folder, 'groups.csv'),
      ['name,group', ...known.map(({ path, patient }) => `"${path}",${patient}`)].join('\r\n'))
  return folder
}

function encoded({ data, width, height }: Image, path: string): Promise<Buffer> {
  const grey = sharp(data, { raw: { width, height, channels: 1 } })
  return (/\.jpe?g$/i.test(path) ? grey.jpeg() : grey.png()).toBuffer()
}
