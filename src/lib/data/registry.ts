/** The data sets that have a name, and how to open a data set. */
import { existsSync } from 'node:fs'
import { LabError, nearest } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { byProfile } from '../system/profile'
import type { Dataset, DataSource, Progress } from './dataset'
import { openFolder } from './folder'
import { openPhantom } from './phantom/phantom'
import type { PhantomOptions } from './phantom/phantom'
import { sarsCov2Ct } from './sets/sars-cov-2-ct'

export interface OpenOptions {
  /** Settings of the phantom; other sets have none. */
  phantom?: PhantomOptions
  onProgress?: Progress
}

const phantom: DataSource = {
  name: 'phantom',
  title: 'Phantom chest CT',
  state: async () => ({ ready: true, detail: 'drawn by code, nothing to get' }),
  open: () => openPhantom(defaultPhantom()),
}

/** The phantom's default settings: small for tests of whole notebooks. */
const defaultPhantom = (): PhantomOptions =>
  byProfile({ tiny: { patients: 12, slicesPerPatient: 4, size: 96 }, quick: {}, full: {} })

/** Every set that has a name. */
export const dataSources: readonly DataSource[] = [sarsCov2Ct, phantom]

/**
 * Opens a data set.
 * @param name a set's name, or the path of a folder with one subfolder a class (with a slash, or 'folder:PATH').
 *   Default: the set or folder that the environment variable LAB_DATA names, else 'sars-cov-2-ct' if it has been
 *   imported, else 'phantom'
 * @throws LabError 'unknown-data-set' naming the nearest; 'data-missing' with the command that gets the set
 * @example const ct = await openDataset('sars-cov-2-ct')
 */
export async function openDataset(name?: string, options: OpenOptions = {}): Promise<Dataset> {
  requireKnownKeys('openDataset', options, { phantom: true, onProgress: true })
  const chosen = name ?? (process.env.LAB_DATA || await defaultName())
  if (chosen === 'phantom') return openPhantom(options.phantom ?? defaultPhantom())
  const source = dataSources.find(candidate => candidate.name === chosen)
  if (source) return source.open(options.onProgress)
  if (chosen.startsWith('folder:')) return openFolder(chosen.slice('folder:'.length))
  if (chosen.includes('/') || chosen.startsWith('.') || existsSync(chosen)) return openFolder(chosen)
  throw unknownDataset(chosen)
}

/** Finds the source of a named set. @throws LabError 'unknown-data-set' naming the nearest */
export function dataSource(name: string): DataSource {
  const source = dataSources.find(candidate => candidate.name === name)
  if (!source) throw unknownDataset(name)
  return source
}

async function defaultName(): Promise<string> {
  return (await sarsCov2Ct.state()).ready ? sarsCov2Ct.name : 'phantom'
}

function unknownDataset(name: string): LabError {
  const names = dataSources.map(source => source.name)
  return new LabError('unknown-data-set', {
    expected: `one of ${names.join(', ')}, or the path of a folder`,
    received: JSON.stringify(name),
    remedy: `Nearest: ${nearest(name, names, 1)[0]}`,
  })
}
