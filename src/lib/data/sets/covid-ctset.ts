/**
 * COVID-CTset: CT slices of 377 patients from Sari, 16-bit TIFF. Rahimzadeh, Attar, Sakhaei, Biomedical Signal
 * Processing and Control 68 (2021) 102588. Its five folds are in tables; the parts here are those of fold 1.
 */
import { LabError } from '../../system/errors'
import type { Role } from '../dataset'
import { isImageName } from '../layouts/file-kinds'
import { readCells } from './read-cells'
import {
  baseOf, countNote, withoutCopies, type Found, type FoundImage, type PublishedSet, type ReadText,
} from './published-set'

export const covidCtset: PublishedSet = {
  name: 'covid-ctset', title: 'COVID-CTset', modality: 'CT', labels: ['COVID', 'normal'], positive: 'COVID',
  licence: 'CC BY-NC 4.0',
  source: 'https://www.kaggle.com/datasets/mohammadrahimzadeh/covidctset-a-large-covid19-ct-scans-dataset',
  notice: 'Real CT slices of one scanner. Slices of COVID patients were chosen because they show the infection. Parts are '
    + 'those of fold 1 of five. Where the tables lie is written from memory.',
  layout: 'Train&Validation with TIFF files whose names hold _PATIENT_, Patient_details.csv, and CSV/train1.csv, '
    + 'validation1.csv and test1.csv',
  isTable: file => isDetails(file) || isFold(file),
  find,
}

const isDetails = (file: string) => /(^|\/)Patient_details\.csv$/i.test(file)
const isFold = (file: string) => /(^|\/)(train|validation|test)1\.csv$/i.test(file)

async function find(files: readonly string[], read: ReadText): Promise<Found> {
  const folds = await readFold(files.filter(isFold), read)
  const classes = await readPatients(files.find(isDetails), read)
  const without: string[] = []
  const images = files.flatMap((file): FoundImage[] => {
    const base = baseOf(file)
    if (!isImageName(file) || !/\.tiff?$/i.test(file)) return []
    const patient = patientOf(base, classes), row = folds.get(base)
    const label = row?.label ?? (patient && classes.get(patient.id))
    if (!label) {
      without.push(base)
      return []
    }
    return [{ file, name: base, label, group: patient?.group ?? null, ...(row ? { part: row.part } : {}) }]
  })
  const { images: unique, notes } = withoutCopies(images)
  const listed = unique.filter(image => image.part)
  const names = new Set(unique.map(image => image.name))
  return {
    images: folds.size > 0 ? listed : unique,
    notes: [
      ...notes, ...countNote('Images left out, because no table names them', without),
      ...countNote('Images of fold 1 that are not in this copy', [...folds.keys()].filter(name => !names.has(name))),
      ...(folds.size > 0
        ? countNote('Images left out, because they are in no part of fold 1', unique.filter(image => !image.part).map(image => image.name))
        : []),
      ...(folds.size > 0 ? [] : ['The tables of fold 1 are not in this copy, so that there are no given parts.']),
    ],
  }
}

/** Part and class of each image of fold 1. */
async function readFold(files: readonly string[], read: ReadText): Promise<Map<string, { part: Role; label: string }>> {
  const rows = new Map<string, { part: Role; label: string }>()
  for (const file of files) {
    const part = /(train|validation|test)1\.csv$/i.exec(file)![1].toLowerCase() as Role
    const [header, ...lines] = await readCells(await read(file), file)
    const [name, kind] = ['filename', 'class'].map(column => header.findIndex(cell => cell.toLowerCase() === column))
    if (name < 0 || kind < 0) throw wrongTable(file, 'columns filename and class', header)
    for (const line of lines) {
      const base = baseOf(line[name])
      if ((rows.get(base)?.part ?? part) !== part)
        throw wrongTable(file, `${base} in one part of fold 1`, [rows.get(base)!.part, part])
      rows.set(base, { part, label: /^(covid|positive)/i.test(line[kind]) ? 'COVID' : 'normal' })
    }
  }
  return rows
}

/** The class of each patient. */
async function readPatients(file: string | undefined, read: ReadText): Promise<Map<string, string>> {
  const classes = new Map<string, string>()
  if (file === undefined) return classes
  const [header, ...lines] = await readCells(await read(file), file)
  const id = header.findIndex(cell => /^patient id$/i.test(cell)), infection = header.findIndex(cell => /infection/i.test(cell))
  if (id < 0 || infection < 0) throw wrongTable(file, 'columns Patient ID and COVID-19 Infection', header)
  for (const line of lines) {
    if (line[id] === '') continue
    const word = line[infection].toLowerCase()
    if (word !== 'positive' && word !== 'negative') throw wrongTable(file, 'Positive or Negative', [line[infection]])
    const label = word === 'positive' ? 'COVID' : 'normal'
    if ((classes.get(line[id]) ?? label) !== label) throw wrongTable(file, `${line[id]} with one finding`, ['both'])
    classes.set(line[id], label)
  }
  return classes
}

/** The longest patient id between underscores in '137covid_patient1_SR_2_IM00001.tif', with what is before it. */
function patientOf(base: string, classes: ReadonlyMap<string, string>): { id: string; group: string } | null {
  const pieces = base.replace(/\.tiff?$/i, '').split('_')
  for (let length = pieces.length; length > 0; length--)
    for (let start = 0; start + length <= pieces.length; start++) {
      const id = pieces.slice(start, start + length).join('_')
      if (classes.has(id)) return { id, group: pieces.slice(0, start + length).join('_') }
    }
  const [named] = /^.*?patient\d+/i.exec(base) ?? []
  return named === undefined ? null : { id: named, group: named }
}

function wrongTable(file: string, expected: string, received: readonly string[]): LabError {
  return new LabError('data-mismatch', {
    expected: `${expected} in ${file}`, received: received.join(', ') || 'nothing', remedy: 'Get the table again',
  })
}
