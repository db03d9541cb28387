/** Where data sets and their caches lie. */
import { join } from 'node:path'
import { inProject } from '../system/project-root'

/**
 * A path in the data folder, which holds manifests, images and caches: the project's data/, or what the
 * environment's LAB_DATA_FOLDER names (tests use it; only the project and the temporary folder are written to).
 */
export function dataFolder(...parts: string[]): string {
  return join(process.env.LAB_DATA_FOLDER ?? inProject('data'), ...parts)
}

/** A data set's cache: may be deleted at any time. The name's unusual letters become hyphens. */
export function cacheFolder(name: string): string {
  return dataFolder(name.replace(/[^A-Za-z0-9._-]+/g, '-'), 'cache')
}
