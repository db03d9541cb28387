/** What a compressed frame of a DICOM file must hold, as the file's header says. */
import { badImage } from '../bad-image'
import type { SampleType } from '../sample'

export interface FrameShape {
  width: number
  height: number
  sample: SampleType
}

/** @throws LabError 'bad-image' where compressed data holds an image of another size, or several channels */
export function requireShape(frame: FrameShape, width: number, height: number, channels: number): void {
  if (width !== frame.width || height !== frame.height || channels !== 1)
    throw badImage(`a DICOM file with damaged data: ${frame.width} × ${frame.height} in its header, `
      + `${width} × ${height} with ${channels} channels in its data`)
}
