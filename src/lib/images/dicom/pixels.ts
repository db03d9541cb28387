/** Reads the pixels of DICOM files. */
import { badImage } from '../bad-image'
import { bytesPerSample, readSamples, type SampleArray } from '../sample'
import type { StoredImage } from '../stored-image'
import { decodeFrame, isCompressed } from './codecs'
import { readDicomHeader, type DicomHeader } from './header'

/** Reads a DICOM image's values as stored. @throws LabError 'bad-image' */
export async function readDicomImage(bytes: Uint8Array): Promise<StoredImage> {
  const header = await readDicomHeader(bytes)
  const { facts, slope, intercept, inverted, display, transferSyntax, littleEndian } = header
  const { width, height, sample } = facts
  const pixels = await header.pixels()
  const length = width * height
  let samples: SampleArray
  if (isCompressed(transferSyntax)) samples = await decodeFrame(pixels, transferSyntax, { width, height, sample })
  else {
    if (pixels.length < length * bytesPerSample(sample)) throw badImage('a DICOM file that is cut short')
    samples = readSamples(pixels, sample, length, littleEndian)
  }
  samples = withoutOtherBits(samples, header)
  return { facts, width, height, channels: 1, samples, slope, intercept, inverted, display }
}

/** Values without bits beside those that are used, which may hold overlays; with their sign. */
function withoutOtherBits(samples: SampleArray, { bitsStored, highBit, facts }: DicomHeader): SampleArray {
  const up = 31 - highBit, down = 32 - bitsStored
  if (8 * bytesPerSample(facts.sample) === bitsStored) return samples
  if (facts.sample.startsWith('s')) for (let i = 0; i < samples.length; i++) samples[i] = samples[i] << up >> down
  else for (let i = 0; i < samples.length; i++) samples[i] = samples[i] << up >>> down
  return samples
}
