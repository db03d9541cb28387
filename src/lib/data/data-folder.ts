/** The folders of data sets and their caches. */
import { join } from 'node:path'
import { sha256 } from '../system/hash'
import { inProject } from '../system/project-root'

/**
 * A path in the data folder, which holds manifests, images and caches: the project's data/, or the folder that the
 * environment variable LAB_DATA_FOLDER names (tests use the variable; a folder outside the project and the temporary
 * folder can only be read).
 * @example dataFolder('manifests', 'sars-cov-2-ct.csv')
 */
export function dataFolder(...parts: string[]): string {
  return join(process.env.LAB_DATA_FOLDER ?? inProject('data'), ...parts)
}

/**
 * The folder name of a data set, for its images, caches and results: letters, digits, dots, hyphens and underscores.
 * Two sets never have the same one: a hash stands for what file names avoid.
 * @example folderName('sars-cov-2-ct')   // 'sars-cov-2-ct'
 */
export function folderName(set: string): string {
  const plain = set.replace(/^folder:/, 'folder-')
  if (/^[\w-][\w.-]*$/.test(plain)) return plain
  return `${plain.replace(/[^\w.-]+/g, '-')}-${sha256(set).slice(0, 8)}`
}

/** A data set's cache folder, which may be deleted at any time. */
export function cacheFolder(name: string): string {
  return dataFolder(folderName(name), 'cache')
}
