/** Whole images of every format that is read. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { examineFiles } from '../../../../src/lib/data/examine-task'
import { readImageFile } from '../../../../src/lib/images/image-file'
import { badImage } from '../../../../src/lib/images/bad-image'
import { dicom } from '../../../fixtures/dicom'
import { deepPng } from '../../../fixtures/png'
import { tiff } from '../../../fixtures/tiff'
import dicomFiles from '../../../golden/dicom.json'
import niftiFiles from '../../../golden/nifti.json'
import storedFiles from '../../../golden/stored.json'
import type { MakeSample } from './sample'

const size = 24
const values = Uint16Array.from({ length: size * size }, (_, i) => (i * 37) % 4096)
const grey = Buffer.from(values.map(value => value >> 4))
/** For files of more than 8 bits, whatever their numbers mean. */
const sides = { center: 2048, width: 4096 }, window = { counts: sides, ct: sides, radiographs: sides, numbers: sides }
const picture = () => sharp(grey, { raw: { width: size, height: size, channels: 1 } })

function image(file: string, make: () => Uint8Array | Promise<Uint8Array>): MakeSample {
  return async folder => {
    writeFileSync(join(folder, file), await make())
    return { file, read: copy => readImageFile(join(copy, file), 1, window) }
  }
}

/** A volume, of which every slice is looked into. */
function volume(file: string, bytes: string): MakeSample {
  return async folder => {
    writeFileSync(join(folder, file), Buffer.from(bytes, 'base64'))
    return {
      file, read: async copy => {
        const [finding] = await examineFiles([join(copy, file)])
        if ('fault' in finding) throw badImage(finding.fault)
      },
    }
  }
}

const golden = (cases: readonly { name: string; file: string }[], name: string) =>
  Buffer.from(cases.find(one => one.name === name)!.file, 'base64')
const dicomCase = (name: string) => image('a.dcm', () => golden(dicomFiles.cases, name))
const tiffCase = (name: string) => image('a.tif', () => golden(storedFiles.cases, name))

/** Puts the right checksum behind every chunk. */
function sealPng(path: string): void {
  const bytes = readFileSync(path)
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (end + 4 > bytes.length) break
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end)
    at = end + 4
  }
  writeFileSync(path, bytes)
}

export const imageSamples: Readonly<Record<string, MakeSample>> = {
  'PNG': image('a.png', () => picture().png().toBuffer()),
  'PNG, sealed': async folder => ({ ...await imageSamples.PNG(folder), seal: copy => sealPng(join(copy, 'a.png')) }),
  'PNG, 16 bits': image('a.png', () => deepPng(values, size)),
  'PNG, palette': image('a.png', () => picture().png({ palette: true }).toBuffer()),
  'JPEG': image('a.jpg', () => picture().jpeg().toBuffer()),
  'JPEG, progressive': image('a.jpg', () => picture().jpeg({ progressive: true }).toBuffer()),
  'WebP': image('a.webp', () => picture().webp().toBuffer()),
  'GIF': image('a.gif', () => picture().gif().toBuffer()),
  'BMP': image('a.bmp', () => golden(storedFiles.cases, 'BMP, palette')),
  'TIFF': image('a.tif', () => tiff(values, size)),
  'TIFF, packed': image('a.tif', () => picture().tiff({ compression: 'lzw' }).toBuffer()),
  'TIFF, signed': tiffCase('TIFF, int16, big-endian, LZW, predictor'),
  'TIFF, floats': tiffCase('TIFF, float32, tiles, deflate'),
  'DICOM': image('a.dcm', () => dicom(values, { rows: size })),
  'DICOM, deflated': dicomCase('CT, deflated'),
  'DICOM, table': dicomCase('radiograph, table before window'),
  'DICOM, run lengths': dicomCase('run lengths, 16 bits, signed'),
  'DICOM, JPEG': dicomCase('JPEG, 8 bits'),
  'DICOM, JPEG 2000': dicomCase('JPEG 2000, 12 bits'),
  'DICOM, JPEG-LS': dicomCase('JPEG-LS, 12 bits'),
  'DICOM, lossless JPEG': dicomCase('lossless JPEG, 12 bits'),
  'NIfTI': volume('a.nii', niftiFiles.cases.find(one => one.name === 'not packed, no direction')!.file),
  'NIfTI, packed': volume('a.nii.gz', niftiFiles.cases[0].file),
}
