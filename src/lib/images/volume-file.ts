/** Slices of volumes by name: 'lungs.nii.gz#12' is the twelfth slice of the file lungs.nii.gz. */
import { statSync } from 'node:fs'
import { readFileCappedSync, unreadable } from '../system/files'
import { readNifti, readNiftiSlices, type NiftiVolume } from './nifti'
import { requireHash } from '../system/hash'
import type { StoredImage } from './stored-image'

/** Bytes of the largest image file that is read; slices and radiographs are smaller. */
export const imageLimit = 256 * 1024 * 1024

/** The volume that was read last: its slices are read one after another. */
let last: { key: string; volume: Promise<NiftiVolume> } | null = null

/** Names of a volume's slices, which sort in their order: 'lungs.nii.gz#01', … */
export function sliceNames(file: string, count: number): string[] {
  const digits = String(count).length
  return Array.from({ length: count }, (_, i) => `${file}#${String(i + 1).padStart(digits, '0')}`)
}

/** The file and the number in a slice's name; null for any other name. */
export function splitSliceName(name: string): { file: string; number: number } | null {
  const found = /^(.*\.nii(?:\.gz)?)#(\d+)$/i.exec(name)
  return found && { file: found[1], number: Number(found[2]) }
}

function stateOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file)
    return `${size} ${mtimeMs}`
  } catch (error) {
    throw unreadable(file, error)
  }
}

/**
 * Reads a slice of a volume, counted from 1.
 * @param hash the SHA-256 that the file must have. Default: any
 * @throws LabError 'bad-image', 'data-missing', 'data-mismatch', 'too-large'
 */
export async function readSlice(file: string, number: number, hash?: string): Promise<StoredImage> {
  const key = `${file} ${stateOf(file)} ${hash}`
  if (last?.key !== key) {
    const bytes = requireHash(file, readFileCappedSync(file, imageLimit), hash)
    last = { key, volume: readNifti(bytes) }
  }
  return readNiftiSlices(await last.volume, number)
}
