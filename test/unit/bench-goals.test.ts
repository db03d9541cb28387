/** The benchmark's goals, on a processor and on a card. */
import { describe, expect, test } from 'vitest'
import type { Device } from '../../bench/device'
import { goals, judge } from '../../bench/goals'
import { goalsNotRun } from '../../bench/goals-not-run'
import { goalsMarkdown } from '../../bench/page'
import { goalsText } from '../../bench/report'
import { benchResultSchema, summarize, type LeftOut, type ResultRow, type Turns } from '../../bench/result'

const turns = (contender: string, ms: number[], more: Partial<Turns> = {}): Turns =>
  ({ contender, version: '1', ms, peakMB: null, residentMB: null, tensors: null, othersLoad: 0, ...more })

const all = (name: string, contenders: Turns[]) => summarize({ name, title: name }, 2, contenders)

describe('goals', () => {
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

describe('goals that did not run', () => {
  const leftOut = (row: string, contender: string, reason: string): LeftOut => ({ row, threads: 2, contender, reason })
  const lab = turns('lab', [5], { peakMB: 900, calls: 9 })
  const reasonOf = (goal: RegExp, row: string, rows: ResultRow[], absent: LeftOut[] = [], device: Device = 'processor') =>
    goalsNotRun({ rows, leftOut: absent, device, threads: [2], asked: ['step-64', 'step-224'] })
      .find(one => one.row === row && goal.test(one.goal))?.reason

  test.each<readonly [string, RegExp, string, ResultRow[], LeftOut[], Device, string]>([
    ['a contender that cannot run', /Keras/, 'step-64', all('step-64', [lab]), [leftOut('step-64', 'keras', 'no module')],
      'processor', 'keras: no module'],
    ['a contender that nobody asked for', /torch\.compile/, 'step-64', all('step-64', [lab]),
      [leftOut('step-64', 'pytorch-compiled', 'not asked for')], 'card', 'pytorch-compiled: not asked for'],
    ['both of PyTorch’s layouts', /faster PyTorch/, 'step-64', all('step-64', [lab]),
      [leftOut('step-64', 'pytorch', 'no module'), leftOut('step-64', 'pytorch-channels-last', 'not asked for')],
      'processor', 'pytorch: no module; pytorch-channels-last: not asked for'],
    ['this library', /faster PyTorch/, 'step-64', all('step-64', [turns('pytorch', [9])]),
      [leftOut('step-64', 'lab', 'not asked for')], 'processor', 'lab: not asked for'],
    ['a row that nobody asked for', /faster PyTorch/, 'forward-64', all('step-64', [lab]), [], 'processor',
      'the row forward-64 was not asked for'],
    ['a row that did not come', /faster PyTorch/, 'step-224', all('step-64', [lab]), [], 'processor',
      'the row step-224 was not reached'],
    ['another row that the goal needs', /multiplications/, 'epoch-conv5', all('epoch-conv5', [lab]), [], 'processor',
      'the row epoch-reference was not asked for'],
    ['a goal for cards', /calls/, 'step-64', all('step-64', [lab]), [], 'processor', 'no card: this library computed on a processor'],
    ['a goal for processors', /Keras/, 'step-64', all('step-64', [lab]), [], 'card', 'for processors: this library computed on a card'],
    ['calls that were not counted', /calls/, 'step-64', all('step-64', [turns('lab', [5])]), [], 'card',
      'the system or the engine does not tell this figure'],
  ])('tell the reason: %s', (_, goal, row, rows, absent, device, reason) =>
    expect(reasonOf(goal, row, rows, absent, device)).toBe(reason))

  test('and the judged ones are all goals, each once, for every number of threads asked for', () => {
    const rows = all('step-64', [lab, turns('pytorch', [10])])
    const count = (device: Device) => judge(rows, device).length
      + goalsNotRun({ rows, leftOut: [], device, threads: [2, 4] }).length
    expect([count('processor'), count('card')]).toEqual([2 * goals.length, 2 * goals.length])
  })

  test('stand in the table of goals, in the page and in the file', () => {
    const rows = all('step-64', [lab]), absent = [leftOut('step-64', 'keras', 'no module')]
    const result = {
      rows, goals: judge(rows, 'processor'), leftOut: absent,
      goalsNotRun: goalsNotRun({ rows, leftOut: absent, device: 'processor', threads: [2, 4] }),
    }
    expect(goalsText(result).split('\n').find(line => /Keras/.test(line))).toMatch(/not run +keras: no module$/)
    expect(goalsMarkdown(result)).toContain('| time ≤ 0.75 × Keras’s | not run (keras: no module) | not run (the row')
    const odd = goalsMarkdown({ ...result, goalsNotRun: result.goalsNotRun.map(one => ({ ...one, reason: 'a|b\nc' })) })
    expect(odd).toContain('| not run (a\\|b c) |')
    expect(odd.split('\n')).toHaveLength(2 + goals.length)
    const machine = { processor: 'p', cores: 4, memoryGB: 8, system: 's', node: '22' }
    const whole = { ...result, machine, date: '2026-01-02', threads: [2, 4], images: '' }
    expect(benchResultSchema.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  })
})
