/** Reads the pixels of TIFF pages that hold more than 8-bit grey levels: 16 bits, signed, and floating-point. */
import { badImage, mostUnpacked } from '../bad-image'
import { bytesPerSample, makeSamples, readSamples, type SampleArray, type SampleType } from '../sample'
import { decompress } from './compression'
import type { TiffPage } from './directory'

/**
 * Reads a page: [height, width, channels]. Alpha and other extra channels are left out.
 * @throws LabError 'bad-image' for a damaged page, and for layouts that are not read
 */
export function readTiffPixels(file: Uint8Array, page: TiffPage): { channels: 1 | 3; samples: SampleArray } {
  const { width, height, sample, samplesPerPixel, pieceWidth, pieceHeight, pieces } = page
  const stored = samplesPerPixel
  const channels = page.photometric === 2 ? 3 : 1
  if (!sample || page.photometric > 2 || stored < channels)
    throw badImage(`a TIFF image of a kind that is not read: photometric interpretation ${page.photometric}, `
      + `${stored} samples of ${page.bitsPerSample} bits`)
  if (page.planar && stored > 1) throw badImage('a TIFF image with a plane for each channel, which is not read')
  if (page.orientation !== 1) throw badImage(`a TIFF image that is stored turned: orientation ${page.orientation}`)
  if (page.fillOrder !== 1) throw badImage('a TIFF image whose bits are stored in reverse order')
  const across = Math.ceil(width / pieceWidth), down = Math.ceil(height / pieceHeight)
  if (!(pieceWidth >= 1 && pieceHeight >= 1) || pieces.length !== across * down)
    throw badImage('a damaged TIFF file: strips or tiles are missing')
  const samples = makeSamples(sample, width * height * channels)
  pieces.forEach(([offset, count], i) => {
    const left = i % across * pieceWidth, top = Math.floor(i / across) * pieceHeight
    // Tiles are whole; the last strip ends with the image.
    const rows = page.tiled ? pieceHeight : Math.min(pieceHeight, height - top)
    if (offset + count > file.length) throw badImage('a TIFF file that is cut short')
    const length = rows * pieceWidth * stored * bytesPerSample(sample)
    if (length > mostUnpacked(count)) throw badImage('a damaged TIFF file: a tile larger than its data')
    const bytes = decompress(file.subarray(offset, offset + count), page.compression, length)
    const piece = restore(bytes, page, sample, pieceWidth * stored, rows)
    for (let y = 0; y < rows && top + y < height; y++)
      for (let x = 0; x < pieceWidth && left + x < width; x++)
        for (let c = 0; c < channels; c++)
          samples[((top + y) * width + left + x) * channels + c] = piece[(y * pieceWidth + x) * stored + c]
  })
  return { channels, samples }
}

/** Undoes the differences between neighbors that a predictor stored. @param line samples of a row */
function restore(bytes: Uint8Array, page: TiffPage, sample: SampleType, line: number, rows: number): SampleArray {
  const { predictor, littleEndian, samplesPerPixel } = page
  if (predictor === 3) return restoreFloats(bytes, sample, line, rows, samplesPerPixel)
  const samples = readSamples(bytes, sample, line * rows, littleEndian)
  if (predictor === 1) return samples
  if (predictor !== 2) throw badImage(`a TIFF image with predictor ${predictor}, which is not read`)
  if (sample.startsWith('f')) throw badImage('a damaged TIFF file: a predictor of whole numbers for others')
  // Typed arrays drop what overflows, as the predictor does.
  for (let y = 0; y < rows; y++)
    for (let i = y * line + samplesPerPixel; i < (y + 1) * line; i++) samples[i] += samples[i - samplesPerPixel]
  return samples
}

/** Floats whose bytes were sorted by significance, then stored as differences (TIFF Technical Note 3). */
function restoreFloats(
  bytes: Uint8Array, sample: SampleType, line: number, rows: number, step: number,
): SampleArray {
  const size = bytesPerSample(sample)
  if (!sample.startsWith('f')) throw badImage('a damaged TIFF file: a predictor of floats for whole numbers')
  const sorted = new Uint8Array(bytes)
  const plain = new Uint8Array(bytes.length)
  for (let y = 0; y < rows; y++) {
    const start = y * line * size
    for (let i = step; i < line * size; i++) sorted[start + i] += sorted[start + i - step]
    for (let x = 0; x < line; x++)
      for (let b = 0; b < size; b++) plain[start + x * size + b] = sorted[start + b * line + x]
  }
  return readSamples(plain, sample, line * rows, false)
}
