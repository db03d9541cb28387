/**
 * COVID-CT: CT slices cut out of publications. Zhao, Zhang, He, Xie, arXiv 2003.13865.
 * Lists in Data-split name the parts; COVID-CT-MetaInfo names the patients of the COVID images.
 */
import { LabError } from '../../system/errors'
import type { Role } from '../dataset'
import { isImageName } from '../layouts/file-kinds'
import { readCells } from './read-cells'
import {
  baseOf, countNote, withoutCopies, type Found, type FoundImage, type PublishedSet, type ReadText,
} from './published-set'

export const covidCt: PublishedSet = {
  name: 'covid-ct', title: 'COVID-CT', modality: 'CT', labels: ['COVID', 'NonCOVID'], positive: 'COVID',
  licence: 'The images belong to the authors and publishers of the papers that they come from',
  source: 'https://github.com/UCSD-AI4H/COVID-CT',
  notice: 'Real CT slices, cut out of publications. Patients of the NonCOVID images are not known, and a part of them '
    + '(LIDC) comes from another collection, which their names betray.',
  layout: 'Images-processed/CT_COVID and CT_NonCOVID (folders or zips), and Data-split with the lists of the parts',
  published: 746,
  isTable: file => isList(file) || isMetadata(file),
  find,
}

const isList = (file: string) => /(^|\/)(train|val|test)CT_(Non)?COVID\.txt$/i.test(file)
const isMetadata = (file: string) => /(^|\/)COVID-CT-MetaInfo[^/]*\.(csv|xlsx)$/i.test(file)

async function find(files: readonly string[], read: ReadText): Promise<Found> {
  const parts = await readLists(files.filter(isList), read)
  const patients = await readPatients(files.filter(isMetadata), read)
  const images = files.flatMap((file): FoundImage[] => {
    const label = /(^|\/)CT_(Non)?COVID\//i.exec(file)
    if (!label || !isImageName(file)) return []
    const kind = label[2] ? 'NonCOVID' : 'COVID', base = baseOf(file)
    const name = `${kind}/${base}`, part = parts.get(name)
    const patient = kind === 'COVID' ? patients.get(stemOf(base)) ?? null : null
    return [{ file, name, label: kind, group: patient === null ? null : `patient ${patient}`, ...(part ? { part } : {}) }]
  })
  const { images: unique, notes } = withoutCopies(images)
  const names = new Set(unique.map(image => image.name))
  const listed = unique.filter(image => image.part !== undefined)
  const unlisted = unique.filter(image => image.part === undefined).map(image => image.name)
  return {
    images: parts.size > 0 ? listed : unique,
    notes: [
      ...notes,
      ...(parts.size ? [] : ['The lists of Data-split are not in this copy, so that there are no given parts.']),
      ...countNote('Images listed, but not in this copy', [...parts.keys()].filter(name => !names.has(name))),
      ...(parts.size ? countNote('Images left out, because no list names them', unlisted) : []),
      ...(patients.size ? spreadNotes(listed) : ['COVID-CT-MetaInfo is not in this copy, so that no patient is known.']),
    ],
  }
}

/** The part of each listed image, by class and file name. */
async function readLists(files: readonly string[], read: ReadText): Promise<Map<string, Role>> {
  const parts = new Map<string, Role>()
  for (const file of files) {
    const [, word, non] = /(train|val|test)CT_(Non)?COVID\.txt$/i.exec(file)!
    const part = ({ train: 'train', val: 'validation', test: 'test' } as const)[word.toLowerCase() as 'train' | 'val' | 'test']
    const lines = Buffer.from(await read(file)).toString('utf8').split(/\r?\n/).map(line => line.trim()).filter(Boolean)
    for (const line of lines) {
      const name = `${non ? 'NonCOVID' : 'COVID'}/${line}`
      if ((parts.get(name) ?? part) !== part)
        throw new LabError('data-mismatch', {
          expected: `${line} in one list`, received: `${parts.get(name)} and ${part}`, remedy: 'Get the lists again',
        })
      parts.set(name, part)
    }
  }
  return parts
}

/** The patient of each image, by its file name without ending. */
async function readPatients(files: readonly string[], read: ReadText): Promise<Map<string, string>> {
  const patients = new Map<string, string>()
  // The spreadsheet is the makers' own; text versions of it lose letters.
  const [file] = [...files].sort((a, b) => Number(b.endsWith('.xlsx')) - Number(a.endsWith('.xlsx')))
  if (file === undefined) return patients
  const [header, ...rows] = await readCells(await read(file), file)
  const columns = header.map(cell => cell.trim().toLowerCase())
  const image = columns.findIndex(cell => /^(file|image)/.test(cell)), patient = columns.findIndex(cell => /^patient/.test(cell))
  if (image < 0 || patient < 0)
    throw new LabError('data-mismatch', {
      expected: `columns of files and patients in ${file}`, received: header.join(', ') || 'nothing',
      remedy: 'Get the file again',
    })
  for (const row of rows) if (row[image] && row[patient]) patients.set(stemOf(row[image].trim()), row[patient].trim())
  return patients
}

/** The metadata leaves the ending out of some names. */
function stemOf(name: string): string {
  return name.replace(/\.(png|jpe?g)$/i, '')
}

/** Patients that the official lists put into several parts. */
function spreadNotes(images: readonly FoundImage[]): string[] {
  const partsOf = new Map<string, Set<Role>>()
  for (const { group, part } of images)
    if (group !== null && part) partsOf.set(group, (partsOf.get(group) ?? new Set<Role>()).add(part))
  const spread = [...partsOf].filter(([, parts]) => parts.size > 1).map(([group]) => group)
  return spread.length ? [`The official lists put ${spread.join(', ')} into several parts.`] : []
}
