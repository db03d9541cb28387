/** The data sets that have a name, and how to open a data set. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { summarizedDataset } from './dataset-summary'
import type { Fit } from '../images/fit'
import type { WindowRequest } from '../images/window-choice'
import { LabError, nearest } from '../system/errors'
import { requireBoolean, requireKnownKeys } from '../system/options'
import { byProfile } from '../system/profile'
import { variable } from '../system/variable'
import type { Dataset, DataSource, Progress } from './dataset'
import { withFit } from './fit'
import { openFolder } from './folder'
import { isKept, keptSource, listKept } from './kept/open'
import type { LayoutOptions } from './layouts/arrange'
import { requireFolder } from './layouts/folder-listing'
import { openPhantom } from './phantom/phantom'
import type { PhantomOptions } from './phantom/phantom'
import { openXrayPhantom, type XrayPhantomOptions } from './phantom-xray/phantom-xray'
import { publishedSets } from './sets/published'
import { sarsCov2Ct } from './sets/sars-cov-2-ct'

/** Settings of a set; those of `LayoutOptions` are of folders only. */
export interface OpenOptions extends LayoutOptions {
  /** Settings of the CT phantom, 'phantom'; refused for every other set. */
  phantom?: PhantomOptions
  /** Settings of the X-ray phantom, 'phantom-xray'; refused for every other set. */
  xrayPhantom?: XrayPhantomOptions
  /**
   * How the values of files that are not 8-bit become grey levels: 'lung', 'soft tissue', { center, width }, or 'own'.
   * Default: CT in the lung window, other DICOM files as they say themselves. Of folders only.
   */
  window?: WindowRequest
  /** How images become squares: 'squash' (default), 'pad' or 'crop'. */
  fit?: Fit
  /** Whether files that cannot be read are left out, and listed in `skipped`. Default false. Of folders only. */
  skipDamaged?: boolean
  onProgress?: Progress
}

const phantom: DataSource = {
  name: 'phantom',
  title: 'Phantom chest CT',
  state: async () => ({ ready: true, detail: 'drawn by code, nothing to get' }),
  open: () => openPhantom(defaultPhantom()),
}

const xrayPhantom: DataSource = {
  name: 'phantom-xray',
  title: 'Phantom chest X-ray',
  state: async () => ({ ready: true, detail: 'drawn by code, nothing to get' }),
  open: () => openXrayPhantom(defaultXrayPhantom()),
}

/** The phantoms' default settings: small for tests of whole notebooks. */
export const defaultPhantom = (): PhantomOptions =>
  byProfile({ tiny: { patients: 12, slicesPerPatient: 4, size: 96 }, quick: {}, full: {} })

export const defaultXrayPhantom = (): XrayPhantomOptions =>
  byProfile({ tiny: { patients: 12, imagesPerPatient: 4, size: 96 }, quick: {}, full: {} })

/** Every set that has a name. */
export const dataSources: readonly DataSource[] = [sarsCov2Ct, ...publishedSets, phantom, xrayPhantom]

/**
 * Opens a data set.
 * @param name a set's name, or the path of a folder with one subfolder a class (with a slash, or 'folder:PATH').
 *   Default: the set or folder that the environment variable LAB_DATA names, else 'sars-cov-2-ct' if it has been
 *   imported, else 'phantom'
 * @throws LabError 'unknown-data-set' naming the nearest; 'data-missing' with the command that gets the set;
 *   'bad-argument' for an option that the set does not have
 * @example const ct = await openDataset('sars-cov-2-ct')
 */
export async function openDataset(name?: string, options: OpenOptions = {}): Promise<Dataset> {
  requireKnownKeys('openDataset', options, {
    phantom: true, xrayPhantom: true, window: true, fit: true, skipDamaged: true, onProgress: true,
    layout: true, groupPattern: true, table: true, columns: true, positive: true,
  })
  requireBoolean('skipDamaged', options.skipDamaged)
  return summarizedDataset(withFit(await open(name, options), options.fit ?? 'squash'))
}

async function open(name: string | undefined, options: OpenOptions): Promise<Dataset> {
  const named = variable('LAB_DATA')
  if (name !== undefined || named === undefined) return openNamed(name ?? await defaultName(), options)
  try {
    return await openNamed(named, options)
  } catch (error) {
    throw error instanceof LabError
      ? new LabError(error.code, { ...error, expected: `LAB_DATA to name a set that can be opened: ${error.expected}` }) : error
  }
}

async function openNamed(chosen: string, options: OpenOptions): Promise<Dataset> {
  const source = await findSource(chosen)
  refusePhantomOptions(chosen, options)
  if (source) refuseFolderOptions(chosen, options)
  if (chosen === phantom.name) return openPhantom(options.phantom ?? defaultPhantom())
  if (chosen === xrayPhantom.name) return openXrayPhantom(options.xrayPhantom ?? defaultXrayPhantom())
  if (source) return source.open(options.onProgress)
  const path = pathOf(chosen)
  if (path !== null) return openFolder(path, options)
  throw await unknownDataset(chosen)
}

async function findSource(name: string): Promise<DataSource | undefined> {
  return dataSources.find(candidate => candidate.name === name) ?? (await isKept(name) ? keptSource(name) : undefined)
}

/** The sets that have a name: those of the project, and those that `npm run data` has kept. */
export async function listSources(): Promise<DataSource[]> {
  const known = new Set(dataSources.map(source => source.name))
  return [...dataSources, ...(await listKept()).filter(source => !known.has(source.name))]
}

/** Options that only folders have: other sets are what they are. */
const folderOptions = ['window', 'skipDamaged', 'layout', 'groupPattern', 'table', 'columns', 'positive'] as const

/** @throws LabError 'bad-argument' where an option of folders would do nothing */
function refuseFolderOptions(name: string, options: OpenOptions): void {
  const found = folderOptions.find(option => options[option])
  if (found)
    throw new LabError('bad-argument', {
      expected: `options of the set ${name}`, received: `${found}, an option of folders`, remedy: `Leave out ${found}`,
    })
}

/** Which phantom's settings an option has. */
const phantomOptions = { phantom: phantom.name, xrayPhantom: xrayPhantom.name } as const

/** @throws LabError 'bad-argument' where the settings of a phantom would do nothing: another set is opened */
function refusePhantomOptions(name: string, options: OpenOptions): void {
  const names = Object.keys(phantomOptions) as (keyof typeof phantomOptions)[]
  const found = names.find(option => options[option] !== undefined && phantomOptions[option] !== name)
  if (!found) return
  const right = names.find(option => phantomOptions[option] === name)
  throw new LabError('bad-argument', {
    expected: `options of the set ${name}`, received: `${found}, an option of the set ${phantomOptions[found]}`,
    remedy: right ? `Write ${right} instead of ${found}` : `Leave out ${found}, or open '${phantomOptions[found]}'`,
  })
}

/** Finds the source of a named set. @throws LabError 'unknown-data-set' naming the nearest */
export async function dataSource(name: string): Promise<DataSource> {
  const source = await findSource(name)
  if (!source) throw await unknownDataset(name)
  return source
}

/**
 * Whether `openDataset` would find a set by this name, without opening it.
 * @returns what is known about the set, in a few words
 * @throws LabError 'unknown-data-set', or 'data-missing' for a path that is no folder
 */
export async function findDataset(name: string): Promise<{ ready: boolean; detail: string }> {
  const source = await findSource(name)
  if (source) return source.state()
  const path = pathOf(name)
  if (path === null) throw await unknownDataset(name)
  await requireFolder(resolve(path))
  return { ready: true, detail: 'a folder of yours' }
}

/** The path that a name is, or null where it can only be a set's name. */
function pathOf(name: string): string | null {
  if (name.startsWith('folder:')) return name.slice('folder:'.length)
  return name.includes('/') || name.startsWith('.') || existsSync(name) ? name : null
}

async function defaultName(): Promise<string> {
  return (await sarsCov2Ct.state()).ready ? sarsCov2Ct.name : 'phantom'
}

async function unknownDataset(name: string): Promise<LabError> {
  const names = (await listSources()).map(source => source.name)
  return new LabError('unknown-data-set', {
    expected: `one of ${names.join(', ')}, or the path of a folder`,
    received: JSON.stringify(name),
    remedy: `Nearest: ${nearest(name, names, 1)[0]}`,
  })
}
