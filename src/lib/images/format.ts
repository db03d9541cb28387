/** Which format a file has, by its first bytes: endings of names may be wrong. */
import type { ImageFormat } from './stored-image'

/** Endings of names that image files have, lower case. Every format here is read. */
export const imageEndings: readonly string[] = [
  '.png', '.jpg', '.jpeg', '.jpe', '.jfif', '.webp', '.gif', '.tif', '.tiff', '.bmp', '.dcm', '.dicom', '.nii', '.nii.gz',
]

/** Whether a file name ends as those of images do, and is no hidden file (macOS keeps notes in files named ._NAME). */
export function hasImageName(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return !base.startsWith('.') && imageEndings.some(ending => base.toLowerCase().endsWith(ending))
}

/** What a DICOMDIR names as its kind: media storage directory storage. */
const mediaDirectory = '1.2.840.10008.1.3.10'

/**
 * Whether a file starts as a DICOM image does: such files often have names without an ending. The directory of a medium
 * (DICOMDIR) starts alike, but holds no image.
 * @param start at least the first 512 bytes, or all of a shorter file
 */
export function startsAsDicom(start: Uint8Array): boolean {
  const text = Buffer.from(start.subarray(0, 512)).toString('latin1')
  return text.startsWith('DICM', 128) && !text.includes(mediaDirectory)
}
/** The format of a file, by its content; null for anything that is not read. */
export function detectFormat(bytes: Uint8Array): ImageFormat | null {
  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
  const start = text(0, 4)
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (start === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (start === 'GIF8') return 'gif'
  if (start === 'II*\0' || start === 'MM\0*') return 'tiff'
  if (text(128, 132) === 'DICM') return 'dicom'
  if (start.startsWith('BM')) return 'bmp'
  // Volumes are compressed as a rule.
  if (isNifti(bytes) || start.startsWith('\x1f\x8b')) return 'nifti'
  return null
}

function isNifti(bytes: Uint8Array): boolean {
  return ['n+1', 'n+2'].includes(String.fromCharCode(...bytes.subarray(344, 347)))
    || String.fromCharCode(...bytes.subarray(4, 7)) === 'n+2'
}

/** Says what a file is that is not read, for an error. */
export function describeForeign(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file'
  if (bytes.every(value => value === 0)) return 'a file of zeros'
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  const known: readonly [RegExp | string, string][] = [
    [/^\s*(<!doctype html|<html)/i, 'a web page, not an image'],
    [/^version https:\/\/git-lfs/, 'a Git LFS pointer, not the file itself'],
    ['\0\x05\x16\x07', 'macOS’s notes on a file (AppleDouble), not an image'],
    [/^\s*(<\?xml[^]*?)?<svg/i, 'an SVG drawing, which is not read'],
    [/^%PDF/, 'a PDF document, which is not read'],
    ['PK\x03\x04', 'a zip archive, not an image'],
    [/^....ftyp(avif|avis)/s, 'an AVIF image, which is not read'],
    [/^....ftyp(heic|heix|mif1|msf1)/s, 'a HEIF image, which is not read'],
    [/^....(jP {2})/s, 'a JPEG 2000 image, which is read in DICOM files only'],
    [/^\xff\x4f\xff\x51/, 'a JPEG 2000 image, which is read in DICOM files only'],
    [/^(II\+\0|MM\0\+)/, 'a BigTIFF image, which is not read'],
    [/^\x89HDF/, 'an HDF5 file, which is not read'],
    [/^\x93NUMPY/, 'a NumPy array, which is not read'],
    [/^P[1-7]\s/, 'a Netpbm image, which is not read'],
  ]
  const fits = (pattern: RegExp | string) =>
    (typeof pattern === 'string' ? start.startsWith(pattern) : pattern.test(start))
  return known.find(([pattern]) => fits(pattern))?.[1] ?? 'bytes of no known image format'
}
