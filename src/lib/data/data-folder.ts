/** The folders of data sets, of their caches, and of what is made from them. */
import { join, resolve } from 'node:path'
import { sha256 } from '../system/hash'
import { inProject } from '../system/project-root'

/**
 * A path in the data folder, which holds manifests, images and caches: the project's data/, or the folder that the
 * environment variable LAB_DATA_FOLDER names (tests use the variable; a folder outside the project and the temporary
 * folder can only be read).
 * @example dataFolder('manifests', 'sars-cov-2-ct.csv')
 */
export function dataFolder(...parts: string[]): string {
  return join(process.env.LAB_DATA_FOLDER || inProject('data'), ...parts)
}

/** Names in data/ and in results/ that are no set's: the project stores something else there. */
const projectNames = new Set(['cache', 'downloads', 'features', 'manifests', 'weights',
  'compared-runs', 'exported', 'index.html', 'models', 'runs', 'tables'])

/** Whether the project stores something else than a set under this name. */
export function isProjectName(name: string): boolean {
  return projectNames.has(name)
}

/**
 * Whether a set's name is also the name of its folders: lower-case Latin letters, digits, hyphens, dots and
 * underscores, at most 64, not as the project's names or hashed ones are. No capitals: some disks ignore them.
 */
export function isFolderName(set: string): boolean {
  return /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$/.test(set) && !set.startsWith('folder-') && !isProjectName(set)
}

/**
 * The folder name of a data set, for its images, caches and results. Two sets never have the same one, nor one that the
 * project uses for something else: of a name with other characters, 'folder-', what is readable of it and a hash.
 * @example folderName('sars-cov-2-ct')   // 'sars-cov-2-ct'
 * @example folderName('folder:Lungs-0f3a9c22')   // 'folder-lungs-' and eight digits
 */
export function folderName(set: string): string {
  if (isFolderName(set)) return set
  const words = set.replace(/^folder:(.*)-[0-9a-f]{8}$/s, '$1').toLowerCase()
  const readable = words.replace(/[^a-z0-9]+/g, '-').slice(0, 64).replace(/^-|-$/g, '')
  return ['folder', ...(readable ? [readable] : []), sha256(set).slice(0, 8)].join('-')
}

/** A data set's cache folder, which may be deleted at any time. */
export function cacheFolder(name: string): string {
  return dataFolder(folderName(name), 'cache')
}

/**
 * The folder of a data set's results: in results/, or in the folder that the environment variable LAB_RESULTS_FOLDER
 * names (for tests).
 */
export function resultsFolder(name: string): string {
  const { LAB_RESULTS_FOLDER } = process.env
  return join(LAB_RESULTS_FOLDER ? resolve(LAB_RESULTS_FOLDER) : inProject('results'), folderName(name))
}
