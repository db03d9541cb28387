/** DICOM's run-length encoding: packed bits for each byte of a value, the highest first (PS3.5, annex G). */
import { badImage } from '../bad-image'
import { bytesPerSample, readSamples, type SampleArray, type SampleType } from '../sample'
import { unpackBits } from '../tiff/compression'

/** Decodes a frame. @throws LabError 'bad-image' for a cut frame, or another number of segments */
export function decodeRunLengths(
  data: Uint8Array, { width, height, sample }: { width: number; height: number; sample: SampleType },
): SampleArray {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const size = bytesPerSample(sample), length = width * height
  const count = data.length >= 64 ? view.getUint32(0, true) : 0
  if (count !== size) throw badImage(`a DICOM file with damaged data: ${count} segments for values of ${size} bytes`)
  const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true))
  const bytes = new Uint8Array(length * size)
  starts.forEach((start, i) => {
    const segment = data.subarray(start, starts[i + 1] ?? data.length)
    if (segment.length * 128 < length) throw badImage('a DICOM file that is cut short')
    const plane = unpackBits(segment, length)
    if (plane.length < length) throw badImage('a DICOM file that is cut short')
    plane.forEach((value, pixel) => { bytes[pixel * size + i] = value })
  })
  return readSamples(bytes, sample, length, false)
}
