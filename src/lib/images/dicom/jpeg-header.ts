/** The header of JPEG and JPEG-LS data in DICOM files, checked before anything is decoded. */
import { badImage } from '../bad-image'
import { requireShape, type FrameShape } from './frame-shape'

/**
 * Reads the markers up to the scan.
 * @returns bits of a value
 * @throws LabError 'bad-image' where there is not exactly one frame, or one of another shape
 */
export function requireJpeg(data: Uint8Array, frame: FrameShape): { precision: number } {
  let precision: number | null = null
  for (let at = 2; at + 9 < data.length && data[at] === 0xff;) {
    const marker = data[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === scan) break
    if (isFrame(marker)) {
      // A decoder may take the memory of the last of them.
      if (precision !== null) throw badImage('a DICOM file with damaged data: two JPEG headers')
      requireShape(frame, data[at + 7] << 8 | data[at + 8], data[at + 5] << 8 | data[at + 6], data[at + 9])
      precision = data[at + 4]
    }
    at += 2 + (data[at + 2] << 8 | data[at + 3])
  }
  if (precision === null) throw badImage('a DICOM file with damaged data: no JPEG header')
  return { precision }
}

const scan = 0xda

function isFrame(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7
}
