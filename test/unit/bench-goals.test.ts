/** The benchmark's goals, on a processor and on a card. */
import { describe, expect, test } from 'vitest'
import type { Device } from '../../bench/device'
import { judge } from '../../bench/goals'
import { summarize, type ResultRow, type Turns } from '../../bench/result'

const turns = (contender: string, ms: number[], more: Partial<Turns> = {}): Turns =>
  ({ contender, version: '1', ms, peakMB: null, residentMB: null, tensors: null, othersLoad: 0, ...more })

describe('goals', () => {
  const all = (name: string, contenders: Turns[]) => summarize({ name, title: name }, 2, contenders)
  const found = (results: ResultRow[], goal: RegExp, on: Device = 'processor') =>
    judge(results, on).find(one => goal.test(one.goal))

  test('at the limit is met, beyond it is missed', () => {
    const step = (ms: number) => all('step-64', [turns('lab', [ms]), turns('pytorch', [1000])])
    expect(found(step(900), /PyTorch/)).toMatchObject({ limit: 0.9, measured: 0.9, met: true })
    expect(found(step(901), /PyTorch/)).toMatchObject({ measured: 0.901, met: false })
  })

  test.each([['step-64', 0.5], ['step-224', 0.8], ['forward-64', 0.8], ['step-head', 0.8]])(
    'on a card are others: %s, %d of PyTorch’s time', (name, limit) => {
      const row = (ms: number) => all(name, [turns('lab', [ms]), turns('pytorch', [1000]), turns('pytorch-compiled', [1])])
      expect(found(row(1000 * limit), /the faster PyTorch/, 'card')).toMatchObject({ limit, measured: limit, met: true })
      expect(found(row(1000 * limit + 1), /the faster PyTorch/, 'card')).toMatchObject({ limit, met: false })
    })

  test('on a card compare the full step with torch.compile, too', () => {
    const step = (ms: number) => all('step-64', [turns('lab', [ms]), turns('pytorch-compiled', [20])])
    expect(found(step(20), /torch\.compile/, 'card')).toMatchObject({ measured: 1, met: true })
    expect(found(step(21), /torch\.compile/, 'card')).toMatchObject({ measured: 1.05, met: false })
    expect(found(step(21), /torch\.compile/)).toBeUndefined()
  })

  test.each(['step-64', 'step-224', 'step-head'])('on a card limit the calls of TensorFlow: %s', name => {
    const step = (calls: number) => all(name, [turns('lab', [1], { calls })])
    expect(found(step(20), /calls/, 'card')).toMatchObject({ measured: 20, met: true })
    expect(found(step(21), /calls/, 'card')).toMatchObject({ measured: 21, met: false })
    expect(found(step(21), /calls/)).toBeUndefined()
  })

  test('of memory are the same on both devices', () => {
    const step = all('step-64', [turns('lab', [1], { peakMB: 1200 }), turns('pytorch', [1], { peakMB: 1000 })])
    for (const on of ['card', 'processor'] as const)
      expect(found(step, /peak memory/, on)).toMatchObject({ measured: 1.2, met: false })
  })

  test('what was not measured is not judged', () => expect(judge(all('forward-1', [turns('lab', [5])]), 'processor')).toEqual([]))

  test('memory is compared with the lower of PyTorch’s layouts', () => {
    const step = all('step-64', [
      turns('lab', [1], { peakMB: 1200 }), turns('pytorch', [1], { peakMB: 1500 }),
      turns('pytorch-channels-last', [1], { peakMB: 1000 }),
    ])
    expect(found(step, /peak memory/)).toMatchObject({ measured: 1.2, met: false })
  })

  test('one tensor more after 1,000 steps is a leak', () =>
    expect(found(all('memory', [turns('lab', [1], { tensors: [480, 481] })]), /tensor/)).toMatchObject({ met: false }))

  test('growth is judged only where all sizes were measured', () => {
    const epoch = (count: number, ms: number) => all(`epoch-${count}`, [turns('lab', [ms])])
    const linear = [2500, 10_000, 40_000].flatMap(count => epoch(count, count))
    expect(found(linear, /power/)).toMatchObject({ measured: 1, met: true })
    expect(found([2500, 40_000].flatMap(count => epoch(count, count)), /power/)).toBeUndefined()
  })

  test('resident memory after more images is judged, even below the peak of starting up', () => {
    const epoch = (count: number, after: number) =>
      all(`epoch-${count}`, [turns('lab', [1], { peakMB: 370, residentMB: [200, after] })])
    const goal = /resident memory after the epoch/
    expect(found([...epoch(2500, 200), ...epoch(40_000, 220)], goal)).toMatchObject({ measured: 1.1, met: true })
    expect(found([...epoch(2500, 200), ...epoch(40_000, 222)], goal)).toMatchObject({ measured: 1.11, met: false })
  })
})
