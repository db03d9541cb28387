/** Blocks of consecutive file numbers, which stand in for patients where no patient is named. */

/** How a run of files is cut into blocks. */
export interface BlockRule {
  /** Blocks a class. */
  blocks: number
  /** How many files a cut may move from the position that makes blocks of equal length. */
  reach: number
}

/** The rule behind the project's figures for the SARS-CoV-2 CT set. */
export const blockRule: BlockRule = { blocks: 20, reach: 15 }

/**
 * Cuts a run of `count` files, in the order of their numbers, into blocks of about equal length. Each cut moves, within
 * reach, to where two neighbors are least alike: most likely the border between two patients.
 * @param similarity of file i to file i + 1
 * @returns the block of each file, from 0
 */
export function numberBlocks(count: number, similarity: (i: number) => number, rule: BlockRule = blockRule): number[] {
  const blocks = Math.min(rule.blocks, count)
  // In a short run cuts move less, so that two cuts never cross.
  const reach = Math.min(rule.reach, Math.floor((count / blocks - 1) / 2))
  const starts = [0]
  for (let k = 1; k < blocks; k++) {
    const even = Math.round((k * count) / blocks)
    let best = even
    for (let cut = even - reach; cut <= even + reach; cut++)
      if (similarity(cut - 1) < similarity(best - 1)) best = cut
    starts.push(best)
  }
  return Array.from({ length: count }, (_, i) => starts.filter(start => start <= i).length - 1)
}
