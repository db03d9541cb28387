import { describe, expect, it } from 'vitest'
import { numberBlocks } from '../../src/lib/data/alike/number-blocks'
import { stream } from '../../src/lib/system/random'

const starts = (blocks: readonly number[]) => [...blocks.keys()].filter(i => i === 0 || blocks[i] !== blocks[i - 1])

describe('number blocks', () => {
  it('are even where all neighbors are alike', () => {
    expect(starts(numberBlocks(100, () => 0.8, { blocks: 5, reach: 4 }))).toEqual([0, 20, 40, 60, 80])
  })

  it('are cut at the least similar neighbors within reach', () => {
    const breaks = new Map([[17, 0.1], [18, 0.3], [44, 0.2], [65, 0.1]])
    const similarity = (i: number) => breaks.get(i + 1) ?? 0.8
    expect(starts(numberBlocks(100, similarity, { blocks: 5, reach: 4 }))).toEqual([0, 17, 44, 60, 80])
    expect(starts(numberBlocks(100, similarity, { blocks: 5, reach: 5 }))).toEqual([0, 17, 44, 65, 80])
  })

  it('are contiguous, numbered from 0, and none is empty, however short the run', () => {
    for (let count = 1; count < 150; count++) {
      const random = stream('similarity', count)
      const similarities = Array.from({ length: count }, () => random.uniform())
      const blocks = numberBlocks(count, i => similarities[i])
      const total = Math.min(20, count)
      expect(blocks.length).toBe(count)
      expect(starts(blocks).map(i => blocks[i])).toEqual(Array.from({ length: total }, (_, k) => k))
    }
  })
})
