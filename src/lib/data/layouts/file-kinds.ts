/** Which files of a folder or archive are images, and which are nothing to speak of. */
import { extname } from 'node:path'
import { hasImageName, startsAsDicom } from '../../images/format'

export { imageEndings } from '../../images/format'

/** Endings of tables. */
const tableEndings = ['.csv', '.tsv']

/** Files and folders that operating systems and programs leave behind: nobody misses them. */
const litter =
  /(^|\/)((__MACOSX|@eaDir|#recycle|\$RECYCLE\.BIN|System Volume Information|lost\+found)(\/|$)|\.|Thumbs\.db$|desktop\.ini$)/i

/** The part of a name that tells its kind, such as '.png'; '' without one. */
export function endingOf(name: string): string {
  return extname(name).toLowerCase()
}

export function isImageName(name: string): boolean {
  return hasImageName(name)
}

/** How many bytes of a file tell whether it is a DICOM image. */
export const startLength = 512

/** Whether a file is an image: by its name, else because it starts as DICOM images do. */
export async function isImage(name: string, readStart: () => Promise<Uint8Array>): Promise<boolean> {
  return isImageName(name) || (!isTableName(name) && startsAsDicom(await readStart()))
}

export function isTableName(name: string): boolean {
  return tableEndings.includes(endingOf(name))
}

export function isZipName(name: string): boolean {
  return endingOf(name) === '.zip'
}

/** Whether a path names something hidden or left behind, such as '._one.png' beside 'one.png'. */
export function isLitter(name: string): boolean {
  return litter.test(name)
}
