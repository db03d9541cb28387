import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inParallel, inTurn } from '../../src/lib/system/parallel'

describe('work in parallel', () => {
  it('returns its results in order, even if later ones are ready first', async () => {
    const results = await inParallel(6, 3, async i => {
      await pause(12 - 2 * i)
      return i
    })
    expect(results).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('never runs more than the limit at a time', async () => {
    let now = 0, most = 0
    await inParallel(20, 4, async () => {
      most = Math.max(most, ++now)
      await pause(1)
      now--
    })
    expect(most).toBe(4)
  })

  it('ends at the first error: no further work begins', async () => {
    const begun: number[] = []
    await expect(inParallel(100, 2, async i => {
      begun.push(i)
      await pause(1)
      if (i === 3) throw new Error('third')
    })).rejects.toThrow('third')
    await pause(10)
    expect(begun.length).toBeLessThan(8)
  })

  it('may be none at all', async () => {
    expect(await inParallel(0, 4, async i => i)).toEqual([])
  })
})

describe('results in order', () => {
  it('are yielded in order, whichever is ready first', async () => {
    const results = []
    for await (const one of inTurn(6, 3, i => pause(12 - 2 * i, i * i))) results.push(one)
    expect(results).toEqual([0, 1, 4, 9, 16, 25])
  })

  it('are never more than the limit ahead of the caller', async () => {
    let begun = 0
    let taken = 0
    for await (const _ of inTurn(20, 4, async i => { begun = i + 1 })) {
      await pause(1)
      expect(begun).toBeLessThanOrEqual(++taken + 3)
    }
    expect(taken).toBe(20)
  })

  it('end with the first error in order, and with the loop', async () => {
    const begun: number[] = []
    const work = async (i: number) => {
      begun.push(i)
      if (i === 3) throw new Error('the fourth')
    }
    const taken: unknown[] = []
    const all = async () => { for await (const one of inTurn(100, 2, work)) taken.push(one) }
    await expect(all()).rejects.toThrow('the fourth')
    expect(taken).toHaveLength(3)
    expect(begun.length).toBeLessThan(6)
    begun.length = 0
    for await (const _ of inTurn(3, 2, work)) break
    expect(begun).toEqual([0, 1])
  })
})
