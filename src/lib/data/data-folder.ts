/** The folders of data sets and their caches. */
import { join } from 'node:path'
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

/** A data set's cache folder, which may be deleted at any time. Letters that file names avoid become hyphens. */
export function cacheFolder(name: string): string {
  return dataFolder(name.replace(/[^A-Za-z0-9._-]+/g, '-'), 'cache')
}
