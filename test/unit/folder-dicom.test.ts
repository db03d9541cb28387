/** Folders of DICOM files: windows, groups and modality; and the kinds that are refused. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { resizeFiles } from '../../src/lib/data/resize-task'
import { decodeImage } from '../../src/lib/images/image-file'
import { dicom, type DicomOptions } from '../fixtures/dicom'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const values = Uint16Array.of(0, 424, 1174, 4095)
const rescaled = [[0x00281052, 'DS', '-1024'], [0x00281053, 'DS', '1']] as const

function put(name: string, options: DicomOptions): void {
  mkdirSync(dirname(path('set', name)), { recursive: true })
  writeFileSync(path('set', name), dicom(values, options))
}

beforeEach(() => rmSync(path('set'), { recursive: true, force: true }))

describe('a folder of DICOM files', () => {
  it('of CT is shown in the lung window; patients become groups, as hashes', async () => {
    put('a/1.dcm', { modality: 'CT', patient: 'Doe^Jane', elements: rescaled })
    put('a/2.dcm', { modality: 'CT', patient: 'Doe^Jane', elements: rescaled })
    put('b/3.dcm', { modality: 'CT', patient: 'Roe^Jim', elements: rescaled })
    const set = await openFolder(path('set'))
    expect(set).toMatchObject({ modality: 'CT', grouping: 'patient', window: { ct: { center: -600, width: 1500 } } })
    expect([...(await set.read(0)).data]).toEqual([55, 128, 255, 255])
    expect(await resizeFiles({ paths: [set.file!(0)], size: 1, window: set.window })).toEqual(Uint8Array.of(173))
    const [first, second, third] = set.items.map(item => item.group)
    expect(first).toBe(second)
    expect(third).not.toBe(first)
    expect(JSON.stringify(set)).not.toMatch(/Doe|Roe/)
    expect((await openFolder(path('set'), { window: 'soft tissue' })).window).toEqual({ ct: { center: 40, width: 400 } })
  })

  it('of CT says which images are planning views, of another plane, or turned', async () => {
    const views = [['', ''], ['', '1\\0\\0\\0\\.9\\.4'], ['ORIGINAL\\PRIMARY\\LOCALIZER', ''], ['', '1\\0\\0\\0\\0\\-1'], ['', '-1\\0\\0\\0\\-1\\0']]
    for (const [i, [kind, directions]] of views.entries()) {
      const elements = [...rescaled, [0x00080008, 'CS', kind], [0x00200037, 'DS', directions]] as const
      put(`${'ab'[i % 2]}/${i}.dcm`, { modality: 'CT', patient: `P${i}`, elements })
    }
    const { notice, items } = await openFolder(path('set'))
    expect(items).toHaveLength(5)
    for (const words of ['1 of the CT images (first a/2.dcm) are planning views', '1 of the CT images (first b/3.dcm) do not lie across the body',
      '1 of the CT images (first a/4.dcm) are turned']) expect(notice).toContain(words)
  })

  it('whose patients were replaced by one word has a group for each study', async () => {
    put('a/1.dcm', { patient: 'anonymous', study: '1.1' })
    put('b/2.dcm', { patient: 'anonymous', study: '1.2' })
    const set = await openFolder(path('set'))
    expect(set.modality).toBe('X-ray')
    expect(new Set(set.items.map(item => item.group)).size).toBe(2)
    expect(set.notice).toContain('each study counts as a patient')
    expect(set.notice).toContain('name no patient')
    expect(set.window).toEqual({ counts: { bits: 12 } })
  })

  it('without patients has no group of all: by study where there are several, else none is known', async () => {
    for (const [i, name] of ['a/1.dcm', 'a/2.dcm', 'b/3.dcm', 'b/4.dcm'].entries()) put(name, { patient: '', study: `1.${i >> 1}` })
    const byStudy = await openFolder(path('set'))
    expect(byStudy.items.map(item => item.group === byStudy.items[0].group)).toEqual([true, true, false, false])
    for (const patient of ['', 'ANON', 'P1']) {
      for (const name of ['a/1.dcm', 'a/2.dcm', 'b/3.dcm', 'b/4.dcm']) put(name, { patient, study: '1.1' })
      const set = await openFolder(path('set'))
      expect([set.grouping, set.items[0].group], patient).toEqual(['none', null])
      expect(set.notice).toContain('who is who is not known')
    }
  })

  it('of which some name no patient says for how many the patient is not known', async () => {
    for (const [name, patient] of [['a/1.dcm', 'P1'], ['a/2.dcm', ' '], ['b/3.dcm', 'P2'], ['b/4.dcm', 'Anonymous']]) put(name, { patient })
    const set = await openFolder(path('set'))
    expect(set.items.map(item => item.group === null)).toEqual([false, true, false, true])
    expect(set.notice).toContain('Patients are those that the DICOM files name, shown as hashes (2 images)')
  })

  it('needs no endings: files that start as DICOM does are images, but not a DICOMDIR', async () => {
    for (const name of ['a/P1/IM0001', 'a/P2/1.2.840.113', 'b/P3/I.ima', 'b/P4/IM.txt']) put(name, { patient: name })
    writeFileSync(path('set', 'DICOMDIR'), dicom(values, { elements: [[0x00020002, 'UI', '1.2.840.10008.1.3.10']] }))
    writeFileSync(path('set', 'a', 'P1', 'VERSION'), 'no image')
    const set = await openFolder(path('set'))
    expect(set.items.map(item => item.name)).toEqual(['a/P1/IM0001', 'a/P2/1.2.840.113', 'b/P3/I.ima', 'b/P4/IM.txt'])
    expect(set.notice).toContain('2 files left out, no images')
    expect((await set.read(3)).width).toBe(4)
  })

  it('keeps groups that the folder names', async () => {
    for (const name of ['a/p1/1.dcm', 'a/p2/2.dcm', 'b/p3/3.dcm']) put(name, { patient: name })
    const set = await openFolder(path('set'))
    expect(set.items.map(item => item.group)).toEqual(['p1', 'p2', 'p3'])
    expect(set.notice).not.toContain('tear them apart')
    put('a/p2/2.dcm', { patient: 'a/p1/1.dcm' })
    expect((await openFolder(path('set'))).notice).toMatch(/1 patient of the DICOM files .* in several groups/)
  })
})

/** Extended JPEG: a frame header of 12 bits a value, 1 × 4 pixels. */
const twelveBitJpeg: DicomOptions = {
  frame: Buffer.from('ffd8ffc1000b0c0001000401011100ffd9', 'hex'),
  elements: [[0x00020010, 'UI', '1.2.840.10008.1.2.4.51']],
}

it.each([
  ['several frames: 3', { elements: [[0x00280008, 'IS', '3']] }],
  ['in color, which is not read: RGB', { elements: [[0x00280004, 'CS', 'RGB']] }],
  ['12 bits of 32', { elements: [[0x00280100, 'US', 32]] }],
  ['without pixels: 4 × 0', { rows: 0, columns: 4 }],
  ['above the pixel limit', { rows: 65535, columns: 65535 }],
  ['cut short', { rows: 4, columns: 4 }],
  ['a compression that is not read: 1.2.840.10008.1.2.4.100', { elements: [[0x00020010, 'UI', '1.2.840.10008.1.2.4.100']] }],
  ['12-bit JPEG data, which is not read', twelveBitJpeg],
  ['all multiplied by 0', { elements: [[0x00281053, 'DS', '0']] }],
  ['a number is none', { elements: [[0x00281053, 'DS', '1,5']] }],
  ['a number is none', { elements: [[0x00281052, 'DS', '-1024\\0']] }],
  ['3 grey values a pixel', { elements: [[0x00280002, 'US', 3]] }],
  ['a window is none', { elements: [[0x00281050, 'DS', '10'], [0x00281051, 'DS', '0']] }],
] as [string, DicomOptions][])('a DICOM file is refused: %s', async (words, options) => {
  const expected = words === 'a window is none' ? 'whose window is none' : words
  const received = expect.stringContaining(expected)
  await expect(decodeImage(dicom(values, options), 1)).rejects.toMatchObject({ received })
})

it('a DICOM file that is cut anywhere is refused, never read', async () => {
  const whole = dicom(values, {})
  for (let length = 0; length < whole.length; length += 7)
    await expect(decodeImage(whole.subarray(0, length), 1), `${length} bytes`).rejects.toMatchObject({ code: 'bad-image' })
})

it('CT without rescaling is not taken for Hounsfield units', async () => {
  await expect(decodeImage(dicom(values, { modality: 'CT' }), 1)).rejects.toThrow('whose meaning no file says')
})
