/** An image as its file stores it: numbers of any type, whose meaning the file or the data set knows. Browser-safe. */
import type { SampleArray, SampleType } from './sample'

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'bmp' | 'dicom' | 'nifti'

/**
 * The meaning of a file's numbers, which decides how they become grey levels:
 * 'grey levels' are 8-bit and stay as they are; 'counts' are 16-bit and unsigned, as X-ray detectors give them;
 * 'CT numbers' come from DICOM files of CT; a 'radiograph' is a DICOM file of any other kind, which says itself how it
 * is shown; 'numbers' are signed or fractional numbers whose meaning the file does not say.
 */
export type ValueKind = 'grey levels' | 'counts' | 'CT numbers' | 'radiograph' | 'numbers'

/** What a file holds, known before its pixels are decoded. */
export interface ImageFacts {
  format: ImageFormat
  /** Of one page, in pixels. */
  width: number
  height: number
  /** Channels in the file: 1 grey, 2 grey and alpha, 3 color, 4 color and alpha (or CMYK). */
  channels: number
  sample: SampleType
  values: ValueKind
  /** Pages, frames of an animation, or slices of a volume. */
  pages: number
  color: 'grey' | 'rgb' | 'palette' | 'cmyk'
  /** How many bits of a sample the file says are used; absent where the file does not say. */
  bits?: number
  /** Of DICOM files that name it. */
  modality?: 'CT' | 'X-ray'
  /** Of CT in DICOM: a planning view, another plane, or a slice with left and right or front and back exchanged. */
  view?: 'localizer' | 'not across the body' | 'turned'
  /** Hashes of the patient's and the study's name in a DICOM file. */
  patient?: string
  study?: string
}

/** How a DICOM file asks to be shown: a window, a table, or a plain range of values. */
export type Display =
  | { kind: 'window'; center: number; width: number; shape: 'linear' | 'linear exact' | 'sigmoid' }
  | { kind: 'table'; first: number; bits: number; entries: readonly number[] }
  | { kind: 'range'; low: number; high: number }

/** Decoded samples: [height, width, channels], row-major, interleaved; alpha is left out. */
export interface StoredImage {
  facts: ImageFacts
  width: number
  height: number
  channels: 1 | 3
  samples: SampleArray
  /** A value is slope · sample + intercept. Default 1 and 0. */
  slope?: number
  intercept?: number
  /** Whether low values are bright (DICOM's MONOCHROME1). Default false. */
  inverted?: boolean
  /** Of a radiograph. */
  display?: Display
}
