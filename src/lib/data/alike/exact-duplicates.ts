/** Exact duplicates: images with the same grey level at every pixel. */

/**
 * Finds images that repeat an earlier one.
 * @param images whose fingerprints are equal exactly if all their grey levels are, such as the file facts of a set
 * @returns pairs of indices into `images`: the first image with these grey levels, and the one that repeats it
 * @example look.findExactDuplicates(await look.readFileFacts(ct)).length
 */
export function findExactDuplicates(images: readonly { fingerprint: string }[]): [number, number][] {
  const firstIndex = new Map<string, number>()
  return images.flatMap(({ fingerprint }, i): [number, number][] => {
    const first = firstIndex.get(fingerprint)
    if (first !== undefined) return [[first, i]]
    firstIndex.set(fingerprint, i)
    return []
  })
}
