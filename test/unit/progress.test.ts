import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { parseHTML } from 'linkedom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stopOnInterrupt } from '../../src/lib/notebook/interrupt'
import { liveCurves, stateOf, Trail } from '../../src/lib/notebook/live/training'
import { progressDisplay, progressShown, withProgress } from '../../src/lib/notebook/progress'
import type { TrainProgress } from '../../src/lib/training/config'

let lines: string[]
beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
})
afterEach(() => vi.restoreAllMocks())

describe('an interrupt', () => {
  it('fires the signal and reaches nobody else, the first time; then everybody again', async () => {
    const other = vi.fn()
    process.on('SIGINT', other)
    try {
      const { signal, release } = stopOnInterrupt()
      await nextTurn()
      process.emit('SIGINT')
      expect(signal.aborted).toBe(true)
      expect(other).not.toHaveBeenCalled()
      process.emit('SIGINT')
      expect(other).toHaveBeenCalledOnce()
      release()
      expect(process.listeners('SIGINT')).toEqual([other])
    } finally {
      process.off('SIGINT', other)
    }
  })

  it('leaves nothing behind when the work ends first, even within the same turn', async () => {
    const before = process.listeners('SIGINT')
    stopOnInterrupt().release()
    await nextTurn()
    const { release } = stopOnInterrupt()
    await nextTurn()
    release()
    expect(process.listeners('SIGINT')).toEqual(before)
  })
})

describe('progress', () => {
  it('is drawn at most four times a second, and its last state always', async () => {
    const drawn = vi.fn(() => ({ title: 'Work', share: 0.5, seconds: 1 }))
    const display = progressDisplay()
    display.update(drawn, true)
    for (let i = 0; i < 100; i++) display.update(drawn)
    expect(drawn).toHaveBeenCalledOnce()
    await wait(260)
    display.update(drawn, true)
    expect(drawn).toHaveBeenCalledTimes(2)
    display.end({ title: 'Work', share: 1, seconds: 2, note: 'done' })
    expect(lines.at(-1)).toBe('Work ████████████████████ 100 % · done · 2.0 s')
  })

  it('tells the time that is left from the time that has gone', () => {
    expect(progressShown({ title: 'Work', share: 0.25, seconds: 30, note: 'step 1 of 4' }).text)
      .toBe('Work █████░░░░░░░░░░░░░░░ 25 % · step 1 of 4 · 30 s · about 1 min 30 s left')
    expect(progressShown({ title: 'a < b', share: 0.25, seconds: 30 }).html).toContain('data-progress="0.2500"')
    expect(progressShown({ title: 'a < b', share: 0.25, seconds: 30 }).html).toContain('a &lt; b')
  })

  it('wraps work: gives its result, passes its faults on, and stops on interrupt', async () => {
    expect(await withProgress('Adding', async report => {
      report(1, 2)
      return 7
    })).toBe(7)
    expect(lines.at(-1)).toMatch(/^Adding █{20} 100 % · done/)
    await expect(withProgress('Failing', async () => {
      throw new Error('broken')
    })).rejects.toThrow('broken')
    expect(lines.at(-1)).toMatch(/^Failing ░{20} 0 % · failed/)
    await withProgress('Waiting', async (report, signal) => {
      report(1, 4)
      await nextTurn()
      process.emit('SIGINT')
      expect(signal.aborted).toBe(true)
    })
    expect(lines.at(-1)).toMatch(/^Waiting █{5}░{15} 25 % · stopped/)
  })
})

describe('live training', () => {
  const first = {
    epoch: 1, loss: 0.6, accuracy: 0.7, validationLoss: 0.55, validationAccuracy: 0.8, rate: 1e-3, seconds: 9,
  }
  const at = (epoch: number, step: number): TrainProgress => ({
    epoch, epochs: 4, step, steps: 10, loss: 0.5, accuracy: 0.75, seconds: 12,
    history: epoch > 1 ? [first] : [],
  })

  it('says epoch, step, loss, accuracy, and the last validation', () => {
    expect(stateOf(at(1, 5))).toEqual({
      share: 0.125, seconds: 12, note: 'epoch 1 of 4 · step 5 of 10 · loss 0.500 · accuracy 75.0 %',
    })
    expect(stateOf(at(2, 10)).note).toMatch(/ · validation 0.550, 80.0 %$/)
    expect(stateOf(at(4, 10)).share).toBe(1)
  })

  it('keeps a trail of bounded length that spans the whole run', () => {
    const trail = new Trail()
    for (let epoch = 1; epoch <= 400; epoch++)
      for (let step = 1; step <= 10; step++) trail.add({ ...at(epoch, step), epoch })
    expect(trail.points.length).toBeLessThanOrEqual(Trail.most)
    expect(trail.points.length).toBeGreaterThan(Trail.most / 4)
    expect(trail.points[0].epoch).toBeLessThan(1)
    expect(trail.points.at(-1)!.epoch).toBeGreaterThan(380)
  })

  it.each([
    ['one epoch of one step', [1], ['0', '1']], ['the first steps of the third', [1, 2, 2.3], ['0', '1', '2', '3']],
  ])('labels whole epochs only, from 0 to the one under way: %s', (_, ends, labels) => {
    const trail = new Trail()
    for (const end of ends) trail.add({ ...at(Math.ceil(end), 10 * (end % 1 || 1)), steps: 10 })
    const { document } = parseHTML(liveCurves(trail, [first]))
    const axes = [...document.querySelectorAll('[aria-label="x-axis tick label"]')]
    expect(axes.map(axis => [...axis.children].map(tick => tick.textContent).filter(Boolean))).toEqual([labels, labels])
  })
})

it('work that overlaps is stopped by one interrupt, and leaves no listener behind in any order of release', async () => {
  const before = process.listeners('SIGINT')
  const first = stopOnInterrupt(), second = stopOnInterrupt()
  await nextTurn()
  first.release()
  second.release()
  expect(process.listeners('SIGINT')).toEqual(before)
  const both = [stopOnInterrupt(), stopOnInterrupt()]
  await nextTurn()
  process.emit('SIGINT')
  expect(both.map(({ signal }) => signal.aborted)).toEqual([true, true])
  for (const { release } of both) release()
  expect(process.listeners('SIGINT')).toEqual(before)
})
