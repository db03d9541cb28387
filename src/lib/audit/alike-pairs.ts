/** Pairs of images that are alike, as many as fit. */

/** Two images, as indices of the set's items, the lower first. */
export interface AlikePair {
  first: number
  second: number
  /** How alike they are: a correlation or cosine, −1 to 1; of perceptual hashes the bits that differ, 0 to 64. */
  alike: number
}

/** Pairs that are kept for each image of a set, and at least: enough for stacks of slices that are all alike. */
const pairsPerImage = 100, leastPairs = 10_000

/** Collects the pairs that reach a threshold, up to a limit: past the limit none, as some would look like all. */
export class PairCollection {
  private list: AlikePair[] | null = []
  private readonly limit: number

  /**
   * @param images how many images the set has
   * @param accepts whether a pair as alike as this belongs to the collection
   */
  constructor(images: number, private readonly accepts: (alike: number) => boolean) {
    this.limit = Math.max(leastPairs, pairsPerImage * images)
  }

  add(first: number, second: number, alike: number): void {
    if (!this.list || !this.accepts(alike)) return
    this.list.push({ first, second, alike })
    if (this.list.length > this.limit) this.list = null
  }

  /** The pairs; a sentence where there were too many. */
  get found(): readonly AlikePair[] | string {
    return this.list ?? `More than ${this.limit.toLocaleString('en-US')} pairs are alike: this measure does not tell the `
      + 'set’s images apart.'
  }
}
