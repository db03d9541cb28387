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

  it('whose patients were replaced by one word has a group for each study', async () => {
    put('a/1.dcm', { patient: 'anonymous', study: '1.1' })
    put('b/2.dcm', { patient: 'anonymous', study: '1.2' })
    const set = await openFolder(path('set'))
    expect(set.modality).toBe('X-ray')
    expect(new Set(set.items.map(item => item.group)).size).toBe(2)
    expect(set.notice).toContain('each study counts as a patient')
    expect(set.window).toEqual({ counts: { bits: 12 } })
  })

  it('keeps groups that the folder names', async () => {
    for (const name of ['a/p1/1.dcm', 'a/p2/2.dcm', 'b/p3/3.dcm']) put(name, { patient: name })
    expect((await openFolder(path('set'))).items.map(item => item.group)).toEqual(['p1', 'p2', 'p3'])
  })
})

it.each([
  ['several frames: 3', { elements: [[0x00280008, 'IS', '3']] }],
  ['in color, which is not read: RGB', { elements: [[0x00280004, 'CS', 'RGB']] }],
  ['12 bits of 32', { elements: [[0x00280100, 'US', 32]] }],
  ['without pixels: 4 × 0', { rows: 0, columns: 4 }],
  ['above the pixel limit', { rows: 65535, columns: 65535 }],
  ['cut short', { rows: 4, columns: 4 }],
  ['a compression that is not read: 1.2.840.10008.1.2.4.100', { elements: [[0x00020010, 'UI', '1.2.840.10008.1.2.4.100']] }],
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
