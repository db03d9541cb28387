/** Image files made to harm: small files that claim or unpack to much, and headers that contradict each other. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { dicom } from '../../../fixtures/dicom'
import { nifti } from '../../../fixtures/nifti'
import { chunk, png } from '../../../fixtures/png'
import { imageFile, type Crafted } from './crafted'

const zeros = (length: number) => Buffer.alloc(length)
const noPixels = new Uint16Array(0)

/** A PNG whose header claims a size and whose pixels unpack to zeros. */
function emptyPng(
  width: number, height: number, depth: number, colorType: number, unpacked: number, interlaced = 0,
): Buffer {
  const file = png({ width, height, depth, colorType }, ...(colorType === 3 ? [chunk('PLTE', zeros(3))] : []),
    chunk('IDAT', deflateSync(zeros(unpacked))))
  if (!interlaced) return file
  const header = Buffer.from(file.subarray(16, 29))
  header[12] = 1
  return Buffer.concat([file.subarray(0, 8), chunk('IHDR', header), file.subarray(33)])
}

/** A lossless WebP of one color: any size in a few bytes. */
function flatWebp(width: number, height: number): Buffer {
  const bits: number[] = []
  const put = (value: number, count: number) => { for (let i = 0; i < count; i++) bits.push(value >> i & 1) }
  put(0x2f, 8); put(width - 1, 14); put(height - 1, 14); put(0, 1); put(0, 3)
  put(0, 1); put(0, 1); put(0, 1)
  // Five codes of one symbol each, so that a pixel takes no bit.
  for (let code = 0; code < 5; code++) { put(1, 1); put(0, 1); put(0, 1); put(0, 1) }
  const data = Buffer.alloc(Math.ceil(bits.length / 8) + 8)
  bits.forEach((bit, i) => { data[i >> 3] |= bit << (i & 7) })
  const head = Buffer.alloc(20)
  head.write('RIFF'); head.writeUInt32LE(12 + data.length, 4); head.write('WEBPVP8L', 8); head.writeUInt32LE(data.length, 16)
  return Buffer.concat([head, data])
}

/** A TIFF directory whose next page is the page itself, with as many entries as the count can name. */
function circularTiff(): Buffer {
  const entries = 65_535, file = Buffer.alloc(8 + 2 + 12 * entries + 4)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(entries, 8)
  file.writeUInt16LE(254, 10)
  file.writeUInt16LE(4, 12)
  file.writeUInt32LE(1, 14)
  file.writeUInt32LE(1, 18)
  file.writeUInt32LE(8, file.length - 4)
  return file
}

/** Directories that lie one byte after the other, each with as many entries as there are. */
function shiftedTiff(): Buffer {
  const file = Buffer.alloc(900_000)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  for (let page = 0; page < 3000; page++) {
    const at = 8 + 4 * page, entries = 60_000
    file.writeUInt16LE(entries, at)
    file.writeUInt32LE(8 + 4 * (page + 1), at + 2 + 12 * entries)
  }
  return file
}

/** A grey TIFF of deflated zeros. */
function deflatedTiff(width: number, height: number, bits: number, extra: [number, number][] = []): Buffer {
  const data = deflateSync(zeros(Math.min(width * height * bits / 8, 2 ** 25)))
  const rows: [number, number][] = [[256, width], [257, height], [258, bits], [259, 8], [262, 1], [273, 8], [277, 1],
    [278, height], [279, data.length], ...extra]
  const tags = new Map(rows), sorted = [...tags].sort((a, b) => a[0] - b[0])
  const directory = Buffer.alloc(2 + 12 * sorted.length + 4)
  directory.writeUInt16LE(sorted.length, 0)
  sorted.forEach(([tag, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i)
    directory.writeUInt16LE(4, 4 + 12 * i)
    directory.writeUInt32LE(1, 6 + 12 * i)
    directory.writeUInt32LE(value, 10 + 12 * i)
  })
  const head = Buffer.from('49492a0000000000', 'hex')
  head.writeUInt32LE(8 + data.length, 4)
  return Buffer.concat([head, data, directory])
}

/** JPEG headers of any size, without data. */
function emptyJpeg(width: number, height: number, ...more: Buffer[]): Buffer {
  const frame = Buffer.from('ffc00011080000000003012200021101031101', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from('ffd8', 'hex'), frame, ...more, Buffer.from('ffd9', 'hex')])
}

/** A GIF whose screen has one size and whose frame another. */
function gif(width: number, height: number, frames = 1): Buffer {
  const screen = Buffer.from('474946383961000000008000000000000000ff', 'hex')
  screen.writeUInt16LE(width, 6)
  screen.writeUInt16LE(height, 8)
  const frame = Buffer.from('21f90400000000002c00000000000000000002024401 00'.replace(' ', ''), 'hex')
  frame.writeUInt16LE(width, 13)
  frame.writeUInt16LE(height, 15)
  return Buffer.concat([screen, ...Array.from({ length: frames }, () => frame), Buffer.from(';')])
}

function bmp(width: number, height: number, bits: number): Buffer {
  const file = Buffer.alloc(62)
  file.write('BM')
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(bits, 28)
  return file
}

const jpegFrame = (hex: string) => Buffer.from(hex, 'hex')
const compressed = (syntax: string, frame: Buffer, rows = 8000) => dicom(noPixels, {
  rows, columns: rows, frame, elements: [[0x00020010, 'UI', syntax]],
})

/** A deflated DICOM file: the head as it is, the rest packed. */
function deflatedDicom(content: Buffer): Buffer {
  const head = dicom(noPixels, { rows: 1, columns: 1, elements: [[0x00020010, 'UI', '1.2.840.10008.1.2.1.99']] })
  const end = head.indexOf(Buffer.from('08006000', 'hex'))
  return Buffer.concat([head.subarray(0, end), deflateRawSync(Buffer.concat([head.subarray(end), content]))])
}

export const craftedImages: readonly Crafted[] = [
  imageFile('a PNG of 68 bytes that claims 64 million rows', 'a.png', () => emptyPng(1, 64_000_000, 8, 0, 4)),
  imageFile('a PNG with a palette that claims 64 million pixels', 'a.png', () => emptyPng(8000, 8000, 8, 3, 4)),
  imageFile('an interlaced PNG that claims 64 million pixels', 'a.png', () => emptyPng(8000, 8000, 8, 6, 4, 1)),
  imageFile('a PNG of 1 bit that claims 64 million pixels', 'a.png', () => emptyPng(8000, 8000, 1, 0, 4)),
  imageFile('a PNG of 32 kB that claims 512 MB', 'a.png', () => emptyPng(8000, 8000, 16, 6, 2 ** 25)),
  imageFile('a PNG of 64 kB that is 64 million zeros', 'a.png', () => emptyPng(8000, 8000, 8, 0, 8001 * 8000)),
  imageFile('an interlaced PNG that unpacks to 64 million zeros', 'a.png', () => emptyPng(8000, 8000, 8, 0, 8001 * 8000, 1)),
  imageFile('a PNG that unpacks to far more than its size', 'a.png', () => emptyPng(8, 8, 8, 0, 2 ** 27)),
  imageFile('a WebP of 40 bytes with 64 million pixels', 'a.webp', () => flatWebp(8000, 8000)),
  imageFile('a JPEG of 40 bytes with 64 million pixels', 'a.jpg', () => emptyJpeg(8000, 8000)),
  imageFile('a GIF with 64 million pixels', 'a.gif', () => gif(8000, 8000)),
  imageFile('a GIF of 20,000 frames', 'a.gif', () => gif(4000, 4000, 20_000)),
  imageFile('a BMP of 62 bytes with 64 million pixels', 'a.bmp', () => bmp(8000, 8000, 1)),
  imageFile('a BMP with the lowest of heights', 'a.bmp', () => bmp(1, -(2 ** 31), 24)),
  imageFile('a TIFF whose page is its own next page', 'a.tif', circularTiff),
  imageFile('a TIFF with thousands of directories in one another', 'a.tif', shiftedTiff),
  imageFile('a TIFF of 16 bits that claims 128 MB', 'a.tif', () => deflatedTiff(8000, 8000, 16)),
  imageFile('a TIFF of 8 bits that unpacks to 64 MB', 'a.tif', () => deflatedTiff(8000, 8000, 8)),
  imageFile('a TIFF of 1 bit that claims 64 million pixels', 'a.tif', () => deflatedTiff(8000, 8000, 1)),
  imageFile('a TIFF of one pixel in a tile of 64 million', 'a.tif', () => deflatedTiff(1, 1, 16,
    [[322, 16_000], [323, 16_000], [324, 8], [325, deflateSync(zeros(2 ** 25)).length]])),
  imageFile('a TIFF that claims 64 million pixels of doubles', 'a.tif', () => deflatedTiff(8000, 8000, 64, [[339, 3]])),
  imageFile('a NIfTI of zeros, 32 kB that unpacks to 32 MB', 'a.nii.gz', () => gzipSync(zeros(2 ** 25)), { folder: true }),
  imageFile('a NIfTI volume that unpacks to 128 MB', 'a.nii.gz',
    () => gzipSync(Buffer.concat([nifti({ dims: [8000, 8000, 1], type: 4 }), zeros(2 ** 27)])), { folder: true }),
  imageFile('a small NIfTI volume with 128 MB behind it', 'a.nii.gz',
    () => gzipSync(Buffer.concat([nifti({ dims: [4, 4, 2], type: 4 }), zeros(2 ** 27)])), { folder: true }),
  imageFile('a NIfTI volume with more slices than it holds', 'a.nii', () => nifti({ dims: [4, 4, 32_000], type: 4 }), { folder: true }),
  imageFile('a NIfTI volume that starts at no number', 'a.nii', () => {
    const file = Buffer.concat([nifti({ dims: [4, 4, 1], type: 4 }), zeros(64)])
    file.writeFloatLE(NaN, 108)
    return file
  }, { folder: true }),
  imageFile('a NIfTI volume that starts at a fraction', 'a.nii', () => {
    const file = Buffer.concat([nifti({ dims: [4, 4, 1], type: 4 }), zeros(64)])
    file.writeFloatLE(352.5, 108)
    return file
  }, { folder: true }),
  imageFile('a DICOM file of 64 kB that unpacks to 64 MB', 'a.dcm', () => deflatedDicom(zeros(2 ** 26))),
  imageFile('a DICOM file with sequences in sequences', 'a.dcm', () => Buffer.concat([dicom(noPixels, { rows: 1, columns: 1 }),
    ...Array.from({ length: 60_000 }, () => Buffer.from('0800401153510000fffffffffeff00e0ffffffff', 'hex'))])),
  imageFile('a DICOM file with 100,000 elements', 'a.dcm', () => Buffer.concat([dicom(noPixels, { rows: 1, columns: 1 }),
    ...Array.from({ length: 100_000 }, (_, i) => Buffer.from([0xe1, 0x7f, i & 255, i >> 8 & 255, 0x55, 0x53, 0, 0]))])),
  imageFile('a DICOM file that claims no number of frames', 'a.dcm',
    () => dicom(new Uint16Array(16), { rows: 4, elements: [[0x00280008, 'IS', 'many']] })),
  imageFile('a DICOM file that claims half a frame', 'a.dcm',
    () => dicom(new Uint16Array(16), { rows: 4, elements: [[0x00280008, 'IS', '0.5']] })),
  imageFile('a DICOM file whose compression is called constructor', 'a.dcm',
    () => dicom(noPixels, { rows: 4, frame: zeros(8), elements: [[0x00020010, 'UI', 'constructor']] })),
  imageFile('a DICOM file whose window is called constructor', 'a.dcm', () => dicom(new Uint16Array(16), {
    rows: 4, elements: [[0x00281050, 'DS', '100'], [0x00281051, 'DS', '100'], [0x00281056, 'CS', 'constructor']],
  })),
  imageFile('a DICOM file with 64 million pixels of run lengths', 'a.dcm', () => compressed('1.2.840.10008.1.2.5',
    Buffer.concat([Buffer.from('0200000040000000', 'hex'), zeros(56), zeros(100)]))),
  ...['57', '70'].map(syntax => imageFile(`a DICOM file with two frames of lossless JPEG (${syntax})`, 'a.dcm',
    () => compressed(`1.2.840.10008.1.2.4.${syntax}`, Buffer.concat([jpegFrame('ffd8'),
      jpegFrame('ffc3000b10000400040101 1100'.replace(' ', '')), jpegFrame('ffc3000b10ffffffff01011100'),
      jpegFrame('ffc4001400000000000000000000000000000000000000'.slice(0, 44)), jpegFrame('ffda0008010100010000'), zeros(100)]), 4))),
  imageFile('a DICOM file with lossless JPEG of 64 million pixels', 'a.dcm', () => compressed('1.2.840.10008.1.2.4.70',
    Buffer.concat([jpegFrame('ffd8ffc3000b101f401f4001011100'), jpegFrame('ffda0008010100010000'), zeros(100)]))),
  imageFile('a DICOM file with JPEG-LS of 64 million pixels', 'a.dcm', () => compressed('1.2.840.10008.1.2.4.80',
    Buffer.concat([jpegFrame('ffd8fff7000b101f401f4001011100'), jpegFrame('ffda0008010100000000'), zeros(100)]))),
  imageFile('a DICOM file with JPEG 2000 of 64 million pixels', 'a.dcm',
    () => compressed('1.2.840.10008.1.2.4.90', jpeg2000(8000, 8000, 8000, 8000))),
  imageFile('a DICOM file with JPEG 2000 in tiles of one pixel', 'a.dcm',
    () => compressed('1.2.840.10008.1.2.4.90', jpeg2000(250, 250, 1, 1), 250)),
  imageFile('a DICOM file with JPEG 2000 in precincts of one pixel', 'a.dcm',
    () => compressed('1.2.840.10008.1.2.4.90', jpeg2000(4000, 4000, 4000, 4000, 0), 4000)),
]

/** The headers of JPEG 2000: image and tile size, coding style, quantization; a tile without data. */
function jpeg2000(width: number, height: number, tileWidth: number, tileHeight: number, precinct?: number): Buffer {
  const size = Buffer.alloc(43)
  size.writeUInt16BE(0xff51, 0)
  size.writeUInt16BE(41, 2)
  const sides = [width, height, 0, 0, tileWidth, tileHeight, 0, 0]
  sides.forEach((value, i) => size.writeUInt32BE(value, 6 + 4 * i))
  size.writeUInt16BE(1, 38)
  size.set([15, 1, 1], 40)
  const levels = 5, precincts = precinct === undefined ? [] : Array.from({ length: levels + 1 }, () => precinct * 17)
  const own = precincts.length ? 1 : 0, bands = 1 + 3 * levels
  const style = Buffer.from([0xff, 0x52, 0, 12 + precincts.length, own, 0, 0, 1, 0, levels, 4, 4, 0, 1, ...precincts])
  const steps = Buffer.from([0xff, 0x5c, 0, 3 + bands, 0x40, ...Array.from({ length: bands }, () => 0x80)])
  const tile = Buffer.from('ff90000a0000000000000001ff93', 'hex')
  return Buffer.concat([Buffer.from('ff4f', 'hex'), size, style, steps, tile, Buffer.alloc(64), Buffer.from('ffd9', 'hex')])
}
