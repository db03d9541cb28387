/** An image from its file. */
import { LabError } from '../system/errors'
import { readFileCappedSync } from '../system/files'
import { decodeImage, type Image } from './image'

/** Bytes of an image's file: more than any slice or radiograph has. */
export const imageLimit = 256 * 1024 * 1024

/** A file's image. @param channels default 1, grey @throws data-missing, too-large; bad-image naming the file */
export async function readImageFile(path: string, channels: 1 | 3 = 1): Promise<Image> {
  // Without a wait: passing 100 kB from thread to thread takes longer than reading them.
  return decodeImage(readFileCappedSync(path, imageLimit), channels).catch((error: unknown) => {
    throw error instanceof LabError
      ? new LabError(error.code, { ...error, expected: `${path} to be ${error.expected}` })
      : error
  })
}
