/** Public sets of chest X-rays, each on a made-up miniature in its layout, with the faults that are known of it. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { phantomMask } from '../../src/lib/data/phantom/phantom'
import { dataSource, openDataset } from '../../src/lib/data/registry'
import { splitByDefault } from '../../src/lib/data/split/default-split'
import { encodePng } from '../../src/lib/images/image-file'
import { importSet, itemFacts } from '../fixtures/imported-set'
import { madeUpImage, madeUpSet, writeSet } from '../fixtures/made-up-set'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip, type ZipEntry } from '../fixtures/zip'

const folder = temporaryFolder()
let test = 0
/** A path in a folder of this test's own. */
const path = (...names: string[]) => folder(String(test), ...names)
const imported = (name: string, files: readonly ZipEntry[], kind: 'folder' | 'zip' = 'folder', skipDamaged = false) =>
  importSet(name, files, path(kind === 'zip' ? 'set.zip' : 'set'), skipDamaged)
beforeEach(() => {
  test++
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
})
afterEach(() => void vi.unstubAllEnvs())

describe('Kermany’s chest X-rays', () => {
  const kaggle = [
    'train/NORMAL/IM-0115-0001.jpeg', 'train/NORMAL/NORMAL2-IM-0115-0001.jpeg',
    'train/PNEUMONIA/person1_bacteria_1.jpeg', 'train/PNEUMONIA/person1_virus_6.jpeg',
    'val/NORMAL/NORMAL2-IM-1427-0001.jpeg', 'val/PNEUMONIA/person1946_bacteria_4874.jpeg',
    'test/NORMAL/IM-0001-0001.jpeg', 'test/PNEUMONIA/person1_virus_6.jpeg',
  ]

  it('from Kaggle’s archive, which holds everything twice, and hidden files', async () => {
    const files = await madeUpSet([
      ...kaggle.map(name => `chest_xray/${name}`), ...kaggle.map(name => `chest_xray/chest_xray/${name}`),
    ], { 'chest_xray/train/.DS_Store': 'x', '__MACOSX/chest_xray/train/NORMAL/._IM-0115-0001.jpeg': 'x' })
    const set = await imported('kermany-xray', files, 'zip')
    expect(itemFacts(set)).toEqual({
      'test/NORMAL/IM-0001-0001.jpeg': ['NORMAL', 'test/NORMAL IM-0001', 'test'],
      'test/PNEUMONIA/person1_virus_6.jpeg': ['PNEUMONIA', 'test/PNEUMONIA person1', 'test'],
      'train/NORMAL/IM-0115-0001.jpeg': ['NORMAL', 'train/NORMAL IM-0115', 'train'],
      'train/NORMAL/NORMAL2-IM-0115-0001.jpeg': ['NORMAL', 'train/NORMAL NORMAL2-IM-0115', 'train'],
      'train/PNEUMONIA/person1_bacteria_1.jpeg': ['PNEUMONIA', 'train/PNEUMONIA person1', 'train'],
      'train/PNEUMONIA/person1_virus_6.jpeg': ['PNEUMONIA', 'train/PNEUMONIA person1', 'train'],
      'val/NORMAL/NORMAL2-IM-1427-0001.jpeg': ['NORMAL', 'val/NORMAL NORMAL2-IM-1427', 'validation'],
      'val/PNEUMONIA/person1946_bacteria_4874.jpeg': ['PNEUMONIA', 'val/PNEUMONIA person1946', 'validation'],
    })
    expect(set).toMatchObject({ modality: 'X-ray', evidence: 'real', grouping: 'patient', positive: 'PNEUMONIA' })
    for (const words of ['a second time under the same name: 8', 'val has 2 images only', 'this copy has 8', 'children'])
      expect(set.notice).toContain(words)
  })

  it('from Mendeley’s archive, whose names hold patients that count in both parts', async () => {
    const set = await imported('kermany-xray', await madeUpSet([
      'ChestXRay2017/chest_xray/train/NORMAL/NORMAL-1049278-0001.jpeg',
      'ChestXRay2017/chest_xray/train/PNEUMONIA/BACTERIA-1008087-0001.jpeg',
      'ChestXRay2017/chest_xray/train/PNEUMONIA/VIRUS-1008087-0002.jpeg',
      'ChestXRay2017/chest_xray/test/NORMAL/NORMAL-1049278-0003.jpeg',
    ]))
    expect(set.items.map(item => item.group)).toEqual([
      'patient 1049278', 'patient 1049278', 'patient 1008087', 'patient 1008087',
    ])
  })

  it('says which files cannot be read and which are the same; another layout is refused and changes nothing', async () => {
    const files = await madeUpSet(kaggle, {
      'train/PNEUMONIA/person2_virus_7.jpeg': '',
      'train/NORMAL/IM-0999-0001.jpeg': await madeUpImage('train/PNEUMONIA/person1_virus_6.jpeg'),
    })
    await expect(imported('kermany-xray', files)).rejects.toThrow('1 × an empty file: train/PNEUMONIA/person2_virus_7.jpeg')
    const set = await imported('kermany-xray', files, 'folder', true)
    expect(set.skipped).toEqual([{ name: 'train/PNEUMONIA/person2_virus_7.jpeg', reason: expect.any(String) }])
    for (const words of ['1 of 10 files cannot be read', 'copies of others: 1', 'Exact copies in two classes: 1'])
      expect(set.notice).toContain(words)
    const other = writeSet(path('other'), await madeUpSet(['COVID/a.png', 'normal/b.png'], { 'read me.txt': 'x' }))
    const source = await dataSource('kermany-xray')
    await expect(source.obtain!(other)).rejects.toMatchObject({ code: 'data-mismatch' })
    await expect(source.obtain!(other)).rejects.toThrow('no such image among 3 files')
    expect((await openDataset('kermany-xray')).contentHash).toBe(set.contentHash)
  })

  it('has its near-duplicates searched: copies in two classes and parts are found, and warned of', async () => {
    const copied = await madeUpImage('train/PNEUMONIA/person1_virus_6.jpeg')
    const set = await imported('kermany-xray', await madeUpSet(kaggle, { 'test/NORMAL/IM-0999-0001.jpeg': copied }))
    expect(set.nearDuplicatesSearched).toBeUndefined()
    expect(set.nearDuplicates.map(pair => pair.map(i => set.items[i].name)))
      .toEqual([['test/NORMAL/IM-0999-0001.jpeg', 'train/PNEUMONIA/person1_virus_6.jpeg']])
    expect(set.notice).not.toContain('not searched')
    expect(splitByDefault(set).warning).toContain('1 training image is nearly the same')
  })

  it('is downloaded where nothing is given; a download with damaged images stays, to be imported without them', async () => {
    let archive = makeZip(await madeUpSet(kaggle.map(name => `chest_xray/${name}`), { 'train/NORMAL/IM-1-0001.jpeg': '' }))
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.writeHead(200, { 'content-length': archive.length }).end(archive)
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    vi.stubEnv('LAB_KAGGLE', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const source = await dataSource('kermany-xray')
    const downloaded = path('data', 'downloads', 'kermany-xray.zip')
    try {
      await expect(source.obtain!(null)).rejects.toThrow(`kermany-xray --from ${downloaded} --skip-damaged`)
      await source.obtain!(downloaded, undefined, true)
      expect((await openDataset('kermany-xray')).items.length).toBe(8)
      archive = makeZip(await madeUpSet(kaggle.map(name => `chest_xray/${name}`)))
      await source.obtain!(null)
    } finally {
      server.close()
    }
    expect(asked[0]).toBe('/api/v1/datasets/download/paultimothymooney/chest-xray-pneumonia')
    expect(existsSync(downloaded)).toBe(false)
    expect((await openDataset('kermany-xray')).items.length).toBe(8)
  })
})

describe('Montgomery and Shenzhen', () => {
  const shenzhen = Array.from({ length: 10 }, (_, i) => `ChinaSet_AllFiles/CXR_png/CHNCXR_000${i}_${i % 2}.png`)
  const montgomery = ['MontgomerySet/CXR_png/MCUCXR_0001_0.png', 'MontgomerySet/CXR_png/MCUCXR_0108_1.png']

  it('train on one hospital and test on the other; masks and readings are left out', async () => {
    const set = await imported('tuberculosis-xray', await madeUpSet([
      ...shenzhen, ...montgomery, 'MontgomerySet/ManualMask/leftMask/MCUCXR_0001_0.png',
      'MontgomerySet/ManualMask/rightMask/MCUCXR_0001_0.png', 'ChinaSet_AllFiles/mask/CHNCXR_0001_1_mask.png',
    ], {
      'MontgomerySet/CXR_png/Thumbs.db': 'x', 'MontgomerySet/ClinicalReadings/MCUCXR_0001_0.txt': 'normal',
      'MontgomerySet/NLM-MontgomeryCXRSet-ReadMe.pdf': 'x',
    }))
    expect(set.items.length).toBe(12)
    expect(itemFacts(set)['Montgomery/MCUCXR_0108_1.png']).toEqual(['tuberculosis', 'MCU 0108', 'test'])
    expect(itemFacts(set)['Shenzhen/CHNCXR_0002_0.png']).toEqual(['normal', 'CHN 0002', 'train'])
    const split = splitByDefault(set)
    expect(split.test.indices.map(i => set.items[i].name.split('/')[0])).toEqual(['Montgomery', 'Montgomery'])
    expect(split.train.indices.length + split.validation.indices.length).toBe(10)
  })

  it('one hospital alone has no given parts, and says so', async () => {
    const set = await imported('tuberculosis-xray', await madeUpSet(shenzhen))
    expect(set.items.every(item => item.part === undefined)).toBe(true)
    expect(set.notice).toContain('Shenzhen only')
  })
})

describe('the COVID-19 Radiography Database', () => {
  const top = 'COVID-19_Radiography_Dataset'

  it('has four classes and masks of the lungs, which are brought to the images’ size', async () => {
    const half = Uint8Array.from({ length: 16 }, (_, i) => i % 4 < 2 ? 255 : 0)
    const mask = await encodePng({ width: 4, height: 4, channels: 1, data: half })
    const images = ['COVID', 'Normal', 'Lung_Opacity', 'Viral Pneumonia']
      .flatMap(name => [1, 2].map(i => `${top}/${name}/images/${name}-${i}.png`))
    const masked = images.filter(name => !name.endsWith('Normal-2.png'))
    const set = await imported('covid-radiography', await madeUpSet(images, {
      ...Object.fromEntries(masked.map(name => [name.replace('/images/', '/masks/'), mask])),
      [`${top}/COVID.metadata.xlsx`]: 'x', [`${top}/README.md.txt`]: 'x',
    }), 'zip')
    expect(set.items.length).toBe(8)
    expect(itemFacts(set)['Viral Pneumonia/Viral Pneumonia-1.png']).toEqual(['Viral Pneumonia', null, null])
    expect(set.grouping).toBe('none')
    // Masks of lungs are no masks of lesions.
    await expect(phantomMask(set, 0)).rejects.toThrow('only it has lesion masks')
    const { width, height, data } = await set.mask!(0)
    expect([width, height]).toEqual([16, 12])
    expect([...data.subarray(0, 16)]).toEqual([...Array<number>(8).fill(255), ...Array<number>(8).fill(0)])
    const without = set.items.findIndex(item => item.name.endsWith('Normal-2.png'))
    await expect(set.mask!(without)).rejects.toThrow('a mask of')
    expect(set.notice).toContain('Images without a mask of the lungs: 1, the first Normal/Normal-2.png')
  })
})

describe('NIH ChestX-ray14', () => {
  const header = 'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,' +
    'OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],'
  const rows = [
    '00000001_000.png,Cardiomegaly|Effusion,0,1,058Y,M,PA,2682,2749,0.143,0.143,',
    '00000001_001.png,No Finding,1,1,058Y,M,PA,2682,2749,0.143,0.143,',
    '00000002_000.png,No Finding,0,2,081Y,M,PA,2500,2048,0.171,0.171,',
    '00000003_000.png,Hernia,0,3,081Y,F,PA,2582,2991,0.143,0.143,',
  ]
  const table = { 'Data_Entry_2017_v2020.csv': [header, ...rows].join('\n') }
  const lists = {
    'train_val_list.txt': '00000001_000.png\n00000001_001.png\n00000002_000.png\n', 'test_list.txt': '00000003_000.png\n',
  }
  const images = [
    'images_001/images/00000001_000.png', 'images_001/images/00000001_001.png',
    'images_002/images/00000002_000.png', 'images_002/images/00000003_000.png',
  ]

  it('reads findings, patients and the official lists', async () => {
    const files = await madeUpSet([...images, 'images_002/images/99999999_000.png'], { ...table, ...lists })
    const set = await imported('nih-chestxray14', files)
    expect(itemFacts(set)).toEqual({
      '00000001_000.png': ['finding', 'patient 1', 'train'], '00000001_001.png': ['no finding', 'patient 1', 'train'],
      '00000002_000.png': ['no finding', 'patient 2', 'train'], '00000003_000.png': ['finding', 'patient 3', 'test'],
    })
    expect(set.notice).toContain('no row for them: 1, the first 99999999_000.png')
  })

  it('takes the images of list.txt only', async () => {
    const set = await imported('nih-chestxray14', await madeUpSet(images, {
      ...table, 'list.txt': '00000001_000.png\n00000002_000.png\n00000009_000.png\n',
    }))
    expect(set.items.map(item => item.name)).toEqual(['00000001_000.png', '00000002_000.png'])
    for (const words of ['list.txt chose 2 of 4 images', 'the first 00000009_000.png', 'no given parts'])
      expect(set.notice).toContain(words)
  })

  it('refuses images without the table, and a download, as no address is known', async () => {
    const source = await dataSource('nih-chestxray14')
    await expect(source.obtain!(writeSet(path('bad'), await madeUpSet(images)))).rejects.toThrow('Data_Entry_2017.csv')
    await expect(source.obtain!(null)).rejects.toThrow('no address')
    await expect(openDataset('nih-chestxray14')).rejects.toMatchObject({ code: 'data-missing' })
  })
})
