/** A public set, as the registry lists it. */
import { download } from '../../system/download'
import { LabError } from '../../system/errors'
import { remove } from '../../system/files'
import { dataFolder } from '../data-folder'
import type { Dataset, DataSource, Progress } from '../dataset'
import { isKept, openKept, stateOfKept } from '../kept/open'
import { imagesFolder } from '../kept/set-file'
import { importPublished, type ImportOptions } from './import-published'
import type { PublishedSet } from './published-set'

/** The registry's entry of a public set. */
export function publishedSource(set: PublishedSet): DataSource {
  return {
    name: set.name, title: set.title, canSkipDamaged: true,
    state: () => stateOf(set), open: onProgress => openPublished(set, onProgress),
    obtain: (from, onProgress, skipDamaged = false) => obtain(set, from, { onProgress, skipDamaged }),
  }
}

function command({ name, kaggle }: PublishedSet): string {
  return `npm run data -- ${name} --from FOLDER-or-ZIP${kaggle ? ' (without --from it is downloaded)' : ''}`
}

async function stateOf(set: PublishedSet): Promise<{ ready: boolean; detail: string }> {
  return await isKept(set.name) ? stateOfKept(set.name, '', command(set))
    : { ready: false, detail: `not imported: ${command(set)}` }
}

async function openPublished(set: PublishedSet, onProgress?: Progress): Promise<Dataset> {
  const { name, title, notice, licence, source } = set
  const remedy = `Get the set from ${source} and run: ${command(set)}`
  if (!await isKept(name))
    throw new LabError('data-missing', { expected: `the images of ${name} in ${imagesFolder(name)}`, received: 'none', remedy })
  return openKept(name, { title, notice, licence, source, remedy, onProgress })
}

async function obtain(set: PublishedSet, from: string | null, options: ImportOptions): Promise<void> {
  const archive = from ?? await fetchArchive(set, options.onProgress)
  try {
    await importPublished(set, archive, options)
  } catch (error) {
    if (from !== null || !(error instanceof LabError)) throw error
    // The next call must not find a bad archive; one that holds damaged images can be imported without them.
    if (error.code !== 'bad-image') await remove(archive)
    throw error.code !== 'bad-image' ? error : new LabError('bad-image', {
      ...error, remedy: `Leave them out: npm run data -- ${set.name} --from ${archive} --skip-damaged`,
    })
  }
  // A good download is no longer needed.
  if (from === null) await remove(archive)
}

/** Kaggle's public download address; LAB_KAGGLE replaces the server, for tests. */
async function fetchArchive({ name, title, source, kaggle }: PublishedSet, onProgress?: Progress): Promise<string> {
  if (!kaggle)
    throw new LabError('data-missing', {
      expected: `--from with the folder or zip of ${title}`, received: 'none, and no address to download it from',
      remedy: `Get the set from ${source}`,
    })
  const server = process.env.LAB_KAGGLE ?? 'https://www.kaggle.com'
  const path = dataFolder('downloads', `${name}.zip`)
  await download(`${server}/api/v1/datasets/download/${kaggle.path}`, path, {
    limit: kaggle.limit, onProgress: (received, total) => onProgress?.('downloading bytes', received, total),
  })
  return path
}
