/** Public sets of chest CT, each on a made-up miniature in its layout, with the faults that are known of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dataSource } from '../../src/lib/data/registry'
import { splitByDefault } from '../../src/lib/data/split/default-split'
import { importSet, itemFacts } from '../fixtures/imported-set'
import { madeUpSet, writeSet } from '../fixtures/made-up-set'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip, type ZipEntry } from '../fixtures/zip'

const folder = temporaryFolder()
let test = 0
/** A path in a folder of this test's own. */
const path = (...names: string[]) => folder(String(test), ...names)
const imported = (name: string, files: readonly ZipEntry[], kind: 'folder' | 'zip' = 'folder') =>
  importSet(name, files, path(kind === 'zip' ? 'set.zip' : 'set'))
beforeEach(() => {
  test++
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
})
afterEach(() => void vi.unstubAllEnvs())

describe('COVID-CT', () => {
  const covid = [
    '2020.01.24.919183-p27-132.png', '2020.03.04.20026005-p23-1.png', 'PIIS0140673620303603%0.png', 'p23 second.png',
  ]
  const other = ['0.jpg', '1%0.jpg', 'LIDC_IDRI_3.png']
  const lists = {
    'Data-split/COVID/trainCT_COVID.txt': '2020.01.24.919183-p27-132.png\n2020.03.04.20026005-p23-1.png\n',
    'Data-split/COVID/valCT_COVID.txt': 'p23 second.png\r\n',
    'Data-split/COVID/testCT_COVID.txt': 'PIIS0140673620303603%0.png\nlost.png\n',
    'Data-split/NonCOVID/trainCT_NonCOVID.txt': '0.jpg\n', 'Data-split/NonCOVID/valCT_NonCOVID.txt': '1%0.jpg \n',
    'Data-split/NonCOVID/testCT_NonCOVID.txt': 'LIDC_IDRI_3.png',
  }
  const meta = spreadsheet([
    ['File name', 'Age', 'Patient ID'], ['2020.01.24.919183-p27-132', '45', 'Patient 1'],
    ['2020.03.04.20026005-p23-1.png', '', 'p23'], ['p23 second', '60', 'p23'],
  ])
  const expected = {
    'COVID/2020.01.24.919183-p27-132.png': ['COVID', 'patient Patient 1', 'train'],
    'COVID/2020.03.04.20026005-p23-1.png': ['COVID', 'patient p23', 'train'],
    'COVID/PIIS0140673620303603%0.png': ['COVID', null, 'test'],
    'COVID/p23 second.png': ['COVID', 'patient p23', 'validation'],
    'NonCOVID/0.jpg': ['NonCOVID', null, 'train'], 'NonCOVID/1%0.jpg': ['NonCOVID', null, 'validation'],
    'NonCOVID/LIDC_IDRI_3.png': ['NonCOVID', null, 'test'],
  }

  it('as the repository holds it: zips in folders, lists and a spreadsheet', async () => {
    const inner = async (around: string, names: readonly string[]) =>
      makeZip((await madeUpSet(names.map(name => `${around}/${name}`))))
    const set = await imported('covid-ct', await madeUpSet([], {
      ...lists, 'COVID-CT-MetaInfo.xlsx': meta, 'README.md': 'x',
      'Images-processed/CT_COVID.zip': await inner('CT_COVID', [...covid, '.extra.png']),
      'Images-processed/CT_NonCOVID.zip': await inner('CT_NonCOVID', other),
    }))
    expect(itemFacts(set)).toEqual(expected)
    for (const words of ['not in this copy: 1, the first COVID/lost.png', 'put patient p23 into several parts'])
      expect(set.notice).toContain(words)
    expect(splitByDefault(set).warning).toContain('one patient')
  })

  it('in the archive of a fork, whose zips lie inside the zip', async () => {
    const inner = async (names: readonly string[]) => makeZip(await madeUpSet(names))
    const set = await imported('covid-ct', await madeUpSet([], {
      'COVID-CT-master/Images-processed/CT_COVID.zip': await inner(covid),
      'COVID-CT-master/Images-processed/CT_NonCOVID.zip': await inner(other),
    }), 'zip')
    expect(set.items.map(item => item.name)).toEqual(Object.keys(expected))
  })

  it('unpacked, with an image that is in no list', async () => {
    const images = [
      ...covid.map(name => `CT_COVID/${name}`), ...other.map(name => `CT_NonCOVID/${name}`), 'CT_NonCOVID/new.png',
    ]
    const files = await madeUpSet(images, { ...lists, 'COVID-CT-MetaInfo.xlsx': meta })
    const set = await imported('covid-ct', files, 'zip')
    expect(itemFacts(set)).toEqual(expected)
    expect(set.notice).toContain('no list names them: 1, the first NonCOVID/new.png')
  })

  it('without lists and metadata has neither parts nor patients, and says so', async () => {
    const set = await imported('covid-ct', await madeUpSet(['CT_COVID/a.png', 'CT_NonCOVID/0.jpg']))
    expect([set.grouping, set.items[0].part]).toEqual(['none', undefined])
    for (const words of ['Data-split are not in this copy', 'no patient is known']) expect(set.notice).toContain(words)
  })

  it('refuses an image that two lists name', async () => {
    const files = await madeUpSet(['CT_COVID/a.png', 'CT_NonCOVID/0.jpg'], {
      'Data-split/COVID/trainCT_COVID.txt': 'a.png', 'Data-split/COVID/testCT_COVID.txt': 'a.png',
    })
    const from = writeSet(path('bad'), files)
    await expect((await dataSource('covid-ct')).obtain!(from)).rejects.toThrow('a.png in one list')
  })
})

describe('the 210 patients of São Paulo', () => {
  it('has patients that are numbered anew in each class', async () => {
    const set = await imported('sao-paulo-ct-patients', await madeUpSet([
      'New_Data_CoV2/Covid/Patient (1)/1.png', 'New_Data_CoV2/Covid/Patient (1)/2.png',
      'New_Data_CoV2/Healthy/Patient (1)/1.png', 'New_Data_CoV2/Others/Patient (1)/1.png',
    ], { 'New_Data_CoV2/Covid/notes.txt': 'x' }))
    expect(set.items.map(item => item.group)).toEqual([
      'COVID Patient (1)', 'COVID Patient (1)', 'healthy Patient (1)', 'other Patient (1)',
    ])
    expect(set.notice).toContain('from memory')
  })
})

describe('COVID-CTset', () => {
  const names = [
    '137covid_patient1_SR_2_IM00010.tif', '137covid_patient10_SR_2_IM00011.tif', 'normal2_patient200_SR_3_IM00012.tif',
  ]
  const details = 'Patient ID,Patient Age,COVID-19 Infection\n' +
    'patient1,50,Positive\npatient10,40,Positive\npatient200,33,Negative\n'
  const folds = {
    'CSV/train1.csv': `filename,class\n${names[0]},covid\n`, 'CSV/validation1.csv': `filename,class\n${names[1]},covid\n`,
    'CSV/test1.csv': `filename,class\n${names[2]},normal\nlost.tif,normal\n`,
    'CSV/train2.csv': `filename,class\n${names[2]},normal\n`,
  }

  it('reads 16-bit TIFF in one window, patients, and the parts of fold 1', async () => {
    const images = [...names, '137covid_patient1_SR_2_IM00099.tif'].map(name => `Train&Validation/${name}`)
    const files = await madeUpSet(images, { 'Labels&Detailes/Patient_details.csv': details, ...folds })
    const set = await imported('covid-ctset', files)
    expect(itemFacts(set)).toEqual({
      [names[0]]: ['COVID', '137covid_patient1', 'train'], [names[1]]: ['COVID', '137covid_patient10', 'validation'],
      [names[2]]: ['normal', 'normal2_patient200', 'test'],
    })
    expect(set.window).toBeDefined()
    expect(Math.max(...(await set.read(0)).data)).toBeGreaterThan(150)
    for (const words of ['fold 1 that are not in this copy: 1', 'in no part of fold 1: 1'])
      expect(set.notice).toContain(words)
  })

  it('without folds takes classes from the patients, and leaves out images of unknown ones', async () => {
    const images = [...names, 'somebody_patient7_1.tif'].map(name => `Train&Validation/${name}`)
    const set = await imported('covid-ctset', await madeUpSet(images, { 'Patient_details.csv': details }))
    expect(set.items.map(item => set.labels[item.label])).toEqual(['COVID', 'COVID', 'normal'])
    expect(set.notice).toContain('no table names them: 1')
  })

  it('refuses a patient with two findings', async () => {
    const files = await madeUpSet(names, { 'Patient_details.csv': `${details}patient1,50,Negative\n` })
    const source = await dataSource('covid-ctset')
    await expect(source.obtain!(writeSet(path('bad'), files))).rejects.toThrow('patient1 with one finding')
  })
})

describe('COVIDx CT', () => {
  const slices = [
    'NCP_96_1328_0032.png', 'NCP_96_1329_0001.png', 'CP_0_3131_0029.png', 'Normal_1_1_0001.png',
    '137covid_patient1_SR_2_IM00001.png', 'volume-covid19-A-0698-0017.png', 'train-only.png',
  ]
  const boxes = (...lines: string[]) => lines.map(line => `${line} 9 51 495 381\n`).join('')
  const lists = {
    'val_COVIDx_CT-3A.txt': boxes(`${slices[0]} 2`, `${slices[2]} 1`, `${slices[3]} 0`),
    'test_COVIDx_CT-3A.txt': boxes(`${slices[4]} 2`, `${slices[5]} 2`, 'lost.png 0'),
    'train_COVIDx_CT-3A.txt': boxes(`${slices[6]} 2`),
  }

  it('takes the validation and the test list; patients from metadata and names', async () => {
    const set = await imported('covidx-ct', await madeUpSet(slices.map(name => `3A_images/${name}`), {
      ...lists,
      'metadata.csv': 'patient id,source,finding\nNCP_96,CNCB,COVID-19\nvolume-covid19-A-0698,COVID-19-20,COVID-19\n',
    }))
    expect(itemFacts(set)).toEqual({
      [slices[0]]: ['COVID-19', 'NCP_96', 'train'], [slices[2]]: ['Pneumonia', 'CP_0', 'train'],
      [slices[3]]: ['Normal', 'Normal_1', 'train'], [slices[4]]: ['COVID-19', '137covid_patient1', 'test'],
      [slices[5]]: ['COVID-19', 'volume-covid19-A-0698', 'test'],
    })
    for (const words of ['validation list is the training part', 'not in this copy: 1', 'in neither list: 2'])
      expect(set.notice).toContain(words)
  })

  it('refuses a line without a class, and lists of two versions', async () => {
    const source = await dataSource('covidx-ct')
    const images = slices.map(name => `2A_images/${name}`)
    const bad = await madeUpSet(images, { 'val_COVIDx_CT-3A.txt': boxes(`${slices[0]} 7`) })
    await expect(source.obtain!(writeSet(path('bad'), bad))).rejects.toThrow('line 1 of val_COVIDx_CT-3A.txt')
    const two = await madeUpSet(images, { ...lists, 'val_COVIDx_CT-2A.txt': boxes(`${slices[0]} 2`) })
    await expect(source.obtain!(writeSet(path('two'), two))).rejects.toThrow('one version')
  })
})

/** A spreadsheet with shared strings, and empty cells left out, as spreadsheet programs write it. */
function spreadsheet(rows: readonly (readonly string[])[]): Buffer {
  const texts = [...new Set(rows.flat().filter(Boolean))]
  const cells = (row: readonly string[], r: number) => row.map((cell, c) => cell === '' ? ''
    : `<c r="${'ABC'[c]}${r + 1}" t="s"><v>${texts.indexOf(cell)}</v></c>`).join('')
  const lines = rows.map((row, r) => `<row r="${r + 1}">${cells(row, r)}</row>`).join('')
  const shared = `<sst>${texts.map(text => `<si><t xml:space="preserve">${text}</t></si>`).join('')}</sst>`
  return makeZip([
    { name: 'xl/worksheets/sheet1.xml', bytes: Buffer.from(`<worksheet><sheetData>${lines}</sheetData></worksheet>`) },
    { name: 'xl/sharedStrings.xml', bytes: Buffer.from(shared) },
  ])
}
