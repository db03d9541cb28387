/** Which files of a folder or archive are images, and which are nothing to speak of. */
import { extname } from 'node:path'

/**
 * Endings of the files that are taken for images. A format whose reader is added to `images` is added here; everything
 * else is left out, counted and said.
 */
export const imageEndings: readonly string[] = ['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.tif', '.tiff', '.gif']

/** Endings of tables. */
const tableEndings = ['.csv', '.tsv']

/** Files and folders that operating systems and programs leave behind: nobody misses them. */
const litter = /(^|\/)(__MACOSX(\/|$)|\.|Thumbs\.db$|desktop\.ini$)/i

/** The part of a name that tells its kind, such as '.png'; '' without one. */
export function endingOf(name: string): string {
  return extname(name).toLowerCase()
}

export function isImageName(name: string): boolean {
  return imageEndings.includes(endingOf(name))
}

export function isTableName(name: string): boolean {
  return tableEndings.includes(endingOf(name))
}

/** Whether a path names something hidden or left behind, such as '._one.png' beside 'one.png'. */
export function isLitter(name: string): boolean {
  return litter.test(name)
}
