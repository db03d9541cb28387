/** Images whose files hold the same bytes. */
import { splitSliceName } from '../../images/volume-file'
import { findExactDuplicates } from './exact-duplicates'

/**
 * Pairs of images whose files hold the same bytes, as indices: they are near-duplicates whether or not these are
 * searched. Slices of a volume are compared with the same slices of an equal volume.
 * @param names of the images
 * @param hashes of their files
 */
export function findEqualFiles(names: readonly string[], hashes: readonly string[]): [number, number][] {
  return findExactDuplicates(names.map((name, i) => ({ fingerprint: `${hashes[i]} ${splitSliceName(name)?.number}` })))
}
