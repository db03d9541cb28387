import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inParallel } from '../../src/lib/parallel'

describe('several waits at once', () => {
  it('give their results in order, though the later ones end first', async () => {
    const results = await inParallel(6, 3, async i => {
      await pause(12 - 2 * i)
      return i
    })
    expect(results).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('are never more than asked for', async () => {
    let now = 0, most = 0
    await inParallel(20, 4, async () => {
      most = Math.max(most, ++now)
      await pause(1)
      now--
    })
    expect(most).toBe(4)
  })

  it('end at the first fault: no further work is begun', async () => {
    const begun: number[] = []
    await expect(inParallel(100, 2, async i => {
      begun.push(i)
      await pause(1)
      if (i === 3) throw new Error('third')
    })).rejects.toThrow('third')
    await pause(10)
    expect(begun.length).toBeLessThan(8)
  })

  it('may be none', async () => {
    expect(await inParallel(0, 4, async i => i)).toEqual([])
  })
})
