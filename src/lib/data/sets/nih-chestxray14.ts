/**
 * NIH ChestX-ray14: 112,120 X-rays of 30,805 patients. Wang et al., CVPR 2017, arXiv 1705.02315. Data_Entry_2017.csv
 * names findings and patients; test_list.txt and train_val_list.txt the parts. A file list.txt chooses images.
 */
import { LabError } from '../../system/errors'
import { isImageName } from '../layouts/file-kinds'
import { readCells } from './read-cells'
import { baseOf, countNote, withoutCopies, type Found, type FoundImage, type PublishedSet, type ReadText } from './published-set'

export const nihChestXray14: PublishedSet = {
  name: 'nih-chestxray14', title: 'NIH ChestX-ray14', modality: 'X-ray',
  labels: ['finding', 'no finding'], positive: 'finding',
  licence: 'open, according to the NIH, which asks to be named and cited',
  source: 'https://nihcc.app.box.com/v/ChestXray-NIHCC',
  notice: 'Real chest X-rays. Findings were read from reports by a program, and some are wrong; here any of the fourteen '
    + 'counts as a finding.',
  layout: 'images with 00000001_000.png, Data_Entry_2017.csv (or _v2020), train_val_list.txt and test_list.txt',
  isTable: file => isEntries(file) || isList(file),
  find,
}

const isEntries = (file: string) => /(^|\/)Data_Entry_2017[^/]*\.csv$/i.test(file)
const isList = (file: string) => /(^|\/)((train_val|test)_)?list\.txt$/i.test(file)

async function find(files: readonly string[], read: ReadText): Promise<Found> {
  const entries = files.find(isEntries)
  if (entries === undefined)
    throw new LabError('data-mismatch', {
      expected: 'Data_Entry_2017.csv', received: 'none', remedy: 'Get the table beside the images',
    })
  const rows = await readEntries(entries, read)
  const list = async (name: string) => {
    const file = files.find(path => baseOf(path).toLowerCase() === name)
    return file === undefined ? null
      : new Set(Buffer.from(await read(file)).toString('utf8').split(/\s+/).filter(Boolean))
  }
  const [train, test, chosen] = [await list('train_val_list.txt'), await list('test_list.txt'), await list('list.txt')]
  const withoutRow: string[] = []
  const images = files.filter(isImageName).flatMap((file): FoundImage[] => {
    const name = baseOf(file)
    if (chosen && !chosen.has(name)) return []
    const row = rows.get(name)
    if (!row) {
      withoutRow.push(name)
      return []
    }
    const part = train && test ? (train.has(name) ? 'train' : test.has(name) ? 'test' : undefined) : undefined
    return [{ file, name, label: row.findings === 'No Finding' ? 'no finding' : 'finding', group: `patient ${row.patient}`,
      ...(part ? { part } : {}) }]
  })
  const found = withoutCopies(images)
  const names = new Set(found.images.map(image => image.name))
  const kept = train && test ? found.images.filter(image => image.part) : found.images
  return {
    images: kept,
    notes: [
      ...found.notes, ...countNote('Images left out, because the table has no row for them', withoutRow),
      ...(chosen ? [`list.txt chose ${kept.length} of ${rows.size} images.`,
        ...countNote('Images of list.txt that are not in this copy', [...chosen].filter(name => !names.has(name)))]
        : rows.size > kept.length ? [`This copy holds ${kept.length} of the table’s ${rows.size} images.`] : []),
      ...(train && test ? [] : ['The official lists are not in this copy, so that there are no given parts.']),
      ...(train && test
        ? countNote('Images left out, because they are in neither official list', found.images.filter(image => !image.part).map(image => image.name))
        : []),
    ],
  }
}

async function readEntries(file: string, read: ReadText): Promise<Map<string, { findings: string; patient: string }>> {
  const [header, ...lines] = await readCells(await read(file), file)
  const [name, findings, patient] = ['image index', 'finding labels', 'patient id']
    .map(column => header.findIndex(cell => cell.toLowerCase() === column))
  if (name < 0 || findings < 0 || patient < 0)
    throw new LabError('data-mismatch', {
      expected: `columns Image Index, Finding Labels and Patient ID in ${file}`, received: header.join(', '),
      remedy: 'Get the table again',
    })
  return new Map(lines.map(line => [line[name], { findings: line[findings], patient: line[patient] }]))
}
