/**
 * COVIDx CT, validation and test part (67,506 of 425,024 slices). Gunraj, Sabri, Koff, Wong, Frontiers in Medicine 8
 * (2022) 729287. Lists give file, class and a box around the body; metadata.csv names the patients.
 */
import { LabError } from '../../system/errors'
import type { Role } from '../dataset'
import { isImageName } from '../layouts/file-kinds'
import { readCells } from './read-cells'
import { baseOf, countNote, type Found, type FoundImage, type PublishedSet, type ReadText } from './published-set'

const labels = ['Normal', 'Pneumonia', 'COVID-19']

export const covidxCt: PublishedSet = {
  name: 'covidx-ct', title: 'COVIDx CT, validation and test', modality: 'CT', labels, positive: 'COVID-19',
  licence: 'Of each source its own, some CC BY-NC-SA',
  source: 'https://www.kaggle.com/datasets/hgunraj/covidxct',
  notice: 'Real CT slices of many collections, several of which hold one class only: a network can learn to tell the '
    + 'collections apart. The validation list is the training part here; the makers’ own training list is left out. The '
    + 'boxes around the body are not cut out.',
  layout: '2A_images or 3A_images with PNG files, val_COVIDx_CT-3A.txt, test_COVIDx_CT-3A.txt and metadata.csv',
  isTable: file => isList(file) || isMetadata(file),
  find,
}

const isList = (file: string) => /(^|\/)(val|test)_COVIDx[_-]CT[^/]*\.txt$/i.test(file)
const isMetadata = (file: string) => /(^|\/)metadata\.csv$/i.test(file)

async function find(files: readonly string[], read: ReadText): Promise<Found> {
  const lists = files.filter(isList)
  const rows = await readLists(lists, read)
  const table = files.find(isMetadata)
  const patients = table === undefined ? new Set<string>() : await readPatients(table, read)
  const pathOf = new Map(files.filter(isImageName).map(file => [baseOf(file), file]))
  const lacking = [...rows.keys()].filter(name => !pathOf.has(name))
  const images = [...rows].flatMap(([name, { label, part }]): FoundImage[] => {
    const file = pathOf.get(name)
    return file === undefined ? [] : [{ file, name, label, group: patientOf(name, patients), part }]
  })
  const unlisted = [...pathOf.keys()].filter(name => !rows.has(name))
  return {
    images,
    notes: [
      ...countNote('Images listed, but not in this copy', lacking),
      ...countNote('Images left out, because they are in neither list', unlisted),
      ...(table === undefined ? ['metadata.csv is not in this copy: patients are read from the file names alone.'] : []),
    ],
  }
}

/** Class and part of each listed image. */
async function readLists(files: readonly string[], read: ReadText) {
  const versions = new Set(files.map(file => baseOf(file).replace(/^(val|test)_/i, '')))
  if (versions.size > 1)
    throw new LabError('data-mismatch', {
      expected: 'lists of one version', received: [...versions].join(' and '), remedy: 'Move the other lists away',
    })
  const rows = new Map<string, { label: string; part: Role }>()
  for (const file of files) {
    const part = /(^|\/)val_/i.test(file) ? 'train' : 'test'
    const lines = Buffer.from(await read(file)).toString('utf8').split(/\r?\n/)
    lines.forEach((line, i) => {
      if (line.trim() === '') return
      const [name, number] = line.trim().split(/\s+/)
      const label = /^[012]$/.test(number ?? '') ? labels[Number(number)] : undefined
      if (!label || (rows.get(name)?.part ?? part) !== part)
        throw new LabError('data-mismatch', {
          expected: `a file of one part and its class, 0 to 2, in line ${i + 1} of ${file}`, received: line.trim(),
          remedy: 'Get the list again',
        })
      rows.set(name, { label, part })
    })
  }
  return rows
}

async function readPatients(file: string, read: ReadText): Promise<Set<string>> {
  const [header, ...rows] = await readCells(await read(file), file)
  const id = header.findIndex(cell => /^patient.?id$/i.test(cell))
  if (id < 0)
    throw new LabError('data-mismatch', {
      expected: `a column patient id in ${file}`, received: header.join(', '), remedy: 'Get the table again',
    })
  return new Set(rows.map(row => row[id]).filter(Boolean))
}

/**
 * The patient with the longest id that a file name begins with. Without metadata: 'NCP_96' of NCP_96_1328_0032.png
 * (class, patient, scan, slice) and '137covid_patient1' of 137covid_patient1_SR_2_IM00001.png; null for others.
 */
function patientOf(name: string, patients: ReadonlySet<string>): string | null {
  const stem = name.replace(/\.\w+$/, '')
  for (let end = stem.length; end > 0; end--)
    if ((end === stem.length || /[_-]/.test(stem[end])) && patients.has(stem.slice(0, end))) return stem.slice(0, end)
  return /^(?:NCP|CP|Normal)_\d+(?=_)/.exec(stem)?.[0] ?? /^.*?patient\d+/i.exec(stem)?.[0] ?? null
}
