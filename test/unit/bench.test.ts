/** The benchmark: arithmetic, options and errors. Each run of the benchmark compares the contenders' outputs. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { compareOutputs } from '../../bench/agreement'
import { Contender } from '../../bench/contender'
import { judge } from '../../bench/goals'
import { commitOf, deviceOf } from '../../bench/machine'
import { readBenchOptions } from '../../bench/options'
import { goalsMarkdown, machineMarkdown, performancePage, renewedPage, resultChart, timesMarkdown } from '../../bench/page'
import { readRecorded, recordedFile, renewed } from '../../bench/recorded'
import { summarize, type BenchResult, type Turns } from '../../bench/result'
import { rows } from '../../bench/rows'
import { fittedExponent, median, quantile } from '../../bench/statistics'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
const turns = (contender: string, ms: number[], more: Partial<Turns> = {}): Turns =>
  ({ contender, version: '1', ms, peakMB: null, residentMB: null, tensors: null, othersLoad: 0, ...more })

describe('statistics', () => {
  // numpy.quantile([7, 1, 3, 10], [.25, .5, .75]) of NumPy 2.4
  test('quantiles are interpolated as NumPy does', () =>
    expect([0.25, 0.5, 0.75].map(share => quantile([7, 1, 3, 10], share))).toEqual([2.5, 5, 7.75]))

  test('a single value is its own median', () => expect(median([4])).toBe(4))

  test.each([1, 1.5, 0])('y = 3 · x^%d has that exponent', power =>
    expect(fittedExponent([2500, 10_000, 40_000].map(x => ({ x, y: 3 * x ** power })))).toBeCloseTo(power, 12))
})

describe('a row', () => {
  const summary = summarize({ name: 'step-64', title: 'step' }, 2, [
    turns('lab', [80, 90, 100]), turns('pytorch', [100, 120, 110]), turns('pytorch-channels-last', [100, 100, 130]),
    turns('pytorch-folded', [1, 1, 1]),
  ])

  test('is compared with the faster of PyTorch’s two layouts, and with nothing else', () =>
    expect(summary.map(row => row.ratioToFasterPyTorch)).toEqual([0.9, 1.1, 1, 0.01]))

  test('has median, fastest and quartiles of all turns', () =>
    expect(summary[0]).toMatchObject({
      medianMs: 90, minMs: 80, firstQuartileMs: 85, thirdQuartileMs: 95, runs: 3, threads: 2, contender: 'lab',
    }))

  test('names the commit that it was measured at', () =>
    expect(summarize({ name: 'x', title: 'x' }, 1, [turns('lab', [1])], '1a2b3c4+')[0].commit).toBe('1a2b3c4+'))

  test('has no ratio without PyTorch', () =>
    expect(summarize({ name: 'x', title: 'x' }, 1, [turns('lab', [1])])[0].ratioToFasterPyTorch).toBeNull())
})

describe('the table of times', () => {
  const cells = (...contenders: Turns[]) => timesMarkdown({ rows: summarize({ name: 'forward-64', title: 'forward' }, 2, contenders) })
    .split('\n').map(line => line.split('|').slice(1, -1).map(cell => cell.trim()))
  const unfolded = [turns('lab', [90]), turns('pytorch', [120]), turns('pytorch-channels-last', [100])]

  test('show the faster of PyTorch’s two folded layouts, and this library against it', () => {
    const [heads, , line] = cells(...unfolded, turns('pytorch-folded', [75]), turns('pytorch-folded-channels-last', [80]))
    expect(heads.slice(4)).toEqual(['PyTorch, channels last', 'PyTorch, folded by hand', 'Keras', 'TensorFlow.js layers',
      'to the faster PyTorch', 'to the folded one'])
    expect(line.slice(2)).toEqual(['90.0 ms', '120 ms', '100 ms', '75.0 ms', '–', '–', '0.900', '1.200'])
  })

  test('have a dash where nothing was folded', () =>
    expect(cells(...unfolded)[2].slice(5)).toEqual(['–', '–', '–', '0.900', '–']))

  test('have a dash where this library took no part', () =>
    expect(cells(turns('pytorch-folded', [75]))[2].slice(2)).toEqual(['–', '–', '–', '75.0 ms', '–', '–', '–', '–']))
})

describe('a commit', () => {
  const at = folder('repository')
  const git = (...words: string[]) => spawnSync('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...words],
    { cwd: at, encoding: 'utf8' }).stdout.trim()

  test('has a plus if tracked files differ, and none for other files', () => {
    mkdirSync(at)
    expect(commitOf(at)).toBe('')
    git('init', '-q')
    writeFileSync(folder('repository', 'tracked'), 'one')
    git('add', '.')
    git('commit', '-qm', 'first')
    git('tag', '-am', 'a release', 'v1')
    const hash = git('rev-parse', '--short', 'HEAD')
    writeFileSync(folder('repository', 'other'), 'two')
    expect(commitOf(at)).toBe(hash)
    writeFileSync(folder('repository', 'tracked'), 'two')
    expect(commitOf(at)).toBe(`${hash}+`)
  })
})

describe('contenders with different outputs', () => {
  const same = { logits: [0.5, -1], losses: [1.2, 0.7] }

  test('pass within float32 rounding', () =>
    expect(() => compareOutputs([{ name: 'a', outputs: same },
      { name: 'b', outputs: { logits: [0.50001, -1], losses: [1.2, 0.702] } }])).not.toThrow())

  test.each([
    ['another score', { ...same, logits: [0.501, -1] }],
    ['another loss', { ...same, losses: [1.2, 0.72] }],
    ['not a number', { ...same, logits: [NaN, -1] }],
    ['fewer scores', { ...same, logits: [0.5] }],
    ['no losses', { logits: same.logits }],
  ])('stop the benchmark: %s', (_, outputs) =>
    expect(() => compareOutputs([{ name: 'a', outputs: same }, { name: 'b', outputs }]))
      .toThrow(/data-mismatch: expected b to compute the same/))
})

describe('on a card', () => {
  const same = { logits: [0.5, -1], imageProbabilities: [0.5], losses: [1.2, 0.7] }
  const compare = (outputs: Record<string, number[]>) =>
    () => compareOutputs([{ name: 'a', outputs: same }, { name: 'b', outputs: { ...same, ...outputs } }], true)

  test('only losses may differ more than on a processor', () =>
    expect(compare({ losses: [1.2, 0.719], logits: [0.50009, -1] })).not.toThrow())

  test.each<[string, Record<string, number[]>]>([
    ['a loss beyond four times', { losses: [1.2, 0.721] }], ['scores with TF32’s errors', { logits: [0.5, -1.002] }],
    ['probabilities', { imageProbabilities: [0.502] }],
  ])('stops the benchmark: %s', (_, outputs) => expect(compare(outputs)).toThrow(/data-mismatch/))
})

describe('a contender in mixed precision', () => {
  const exact = { name: 'a', outputs: { logits: [0.5, -1], losses: [1.2, 0.7, 0.3] } }
  const compare = (logits: number[], losses: number[]) =>
    () => compareOutputs([{ name: 'm', outputs: { logits, losses }, mixed: true }, exact])

  test('is compared before the first step, and has to train', () =>
    expect(compare([0.51, -0.99], [1.21, 1.1, 0.9])).not.toThrow())

  test.each([
    ['other scores', [0.7, -1], [1.2, 1.1, 0.9], /m to compute the same logits as a, to 0\.1/],
    ['another first loss', [0.5, -1], [1.5, 1.1, 0.9], /m to compute the same losses as a/],
    ['losses that rise', [0.5, -1], [1.2, 1.1, 1.3], /m to lower its loss by training, received 1\.2, and 1\.3 after/],
    ['no number', [0.5, -1], [1.2, 1.1, NaN], /m to lower its loss/],
    ['no losses', [0.5, -1], [], /a difference of Infinity/],
  ])('stops the benchmark with %s', (_, logits, losses, message) => expect(compare(logits, losses)).toThrow(message))
})

describe('a contender in a process of its own', () => {
  test('that cannot do a task says why, and is left out', async () => {
    const reasons: string[] = []
    const task = { kind: 'step', size: 64, batch: 2, frozenThrough: 'conv5' } as const
    expect(await Contender.start('tfjs-layers', task, 1, reason => reasons.push(reason))).toBeNull()
    expect(reasons).toEqual(['its frozen layers are not frozen'])
  })

  test('that cannot run a step as asked is left out: its time would stand under another name', async () => {
    const reasons: string[] = []
    const task = { kind: 'step', size: 32, batch: 2, width: 'quarter' } as const
    vi.stubEnv('LAB_ENGINE', 'wasm')
    try {
      expect(await Contender.start('lab-graph', task, 1, reason => reasons.push(reason))).toBeNull()
    } finally {
      vi.unstubAllEnvs()
    }
    expect(reasons).toEqual(["this library's engine cannot run a step with LAB_STEP=graph on this machine"])
  })

  test('that fails ends the benchmark with its last lines', async () => {
    const task = { kind: 'step', size: 64, batch: 2, frozenThrough: 'conv9' as 'conv5' } as const
    await expect(Contender.start('lab', task, 1, () => {})).rejects.toThrow(/contender lab to answer.*conv9/)
  })
}, 60_000)

describe('options', () => {
  test('by default every row, each with its own rounds', () =>
    expect(readBenchOptions([])).toMatchObject({ rows, rounds: null, json: null, record: false }))

  test('rows and contenders keep their order', () => {
    const { rows: chosen, contenders } = readBenchOptions(['--only', 'step-224,step-64', '--contenders', 'pytorch,lab'])
    expect(chosen.map(row => row.name)).toEqual(['step-64', 'step-224'])
    expect(contenders).toEqual(['lab', 'pytorch'])
  })

  test.each([
    [['--only', 'step-46'], /a row such as step-64/],
    [['--contenders', 'torch'], /a contender such as pytorch/],
    [['--threads', '0'], /--threads to be whole numbers from 1/],
    [['--threads', '2,'], /received nothing/],
    [['--rounds', 'many'], /received many/],
    [['--fast'], /npm run bench/],
    [['step-64'], /npm run bench/],
    [['--record', '--quick'], /--record with all contenders/],
    [['--record', '--contenders', 'lab,pytorch'], /--record with all contenders/],
  ])('%j is refused', (words, message) => expect(() => readBenchOptions(words)).toThrow(message))

  test('a bad option ends the command with a message and status 1', () => {
    const { status, stderr } = spawnSync(process.execPath,
      ['--import', 'tsx', inProject('bench', 'bench.ts'), '--only', 'nothing'], { encoding: 'utf8', cwd: inProject() })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^bad-argument: expected a row such as/)
    expect(stderr).not.toContain('    at ')
  })
})

describe('the same inputs in both languages', () => {
  const python = readFileSync(inProject('bench', 'python', 'inputs.py'), 'utf8')
  const typescript = readFileSync(inProject('bench', 'inputs.ts'), 'utf8')

  test.each([
    [/^RATE = (.+)$/m, /rate: ([^,]+),/], [/^EPSILON = (.+)$/m, /epsilon: ([^,]+),/],
    [/^TRIAL_STEPS = (.+)$/m, /trialSteps: ([^,]+),/], [/^COMPARED = (.+)$/m, /compared = (.+)$/m],
  ])('%s', (there, here) => expect(Number(there.exec(python)![1])).toBe(Number(here.exec(typescript)![1])))
})

describe('rows measured again', () => {
  const machine = { processor: 'p', cores: 4, memoryGB: 8, system: 's', node: '22' }
  const resultOf = (date: string, threads: number, times: Record<string, number>, images = ''): BenchResult => {
    const rows = Object.entries(times).flatMap(([name, ms]) =>
      summarize({ name, title: name }, threads, [turns('lab', [ms]), turns('pytorch', [1000])]))
    return { machine, date, threads, images, rows, goals: judge(rows, 'processor') }
  }
  const before = resultOf('2026-01-02T08:00:00Z', 2, { 'step-64': 950, 'step-224': 700 }, 'phantom')

  test('replace the rows before, and are judged', () => {
    const after = renewed(before, resultOf('2026-01-02T09:00:00Z', 2, { 'step-64': 890 }))
    expect(after.rows.map(({ row, contender, medianMs }) => [row, contender, medianMs])).toEqual([
      ['step-64', 'lab', 890], ['step-64', 'pytorch', 1000], ['step-224', 'lab', 700], ['step-224', 'pytorch', 1000],
    ])
    expect(before.goals.find(({ row }) => row === 'step-64')?.met).toBe(false)
    expect(after.goals.find(({ row }) => row === 'step-64')?.met).toBe(true)
    expect(after).toMatchObject({ date: '2026-01-02T09:00:00Z', threads: [2], images: 'phantom' })
  })

  test('take goals along that did not run, until what they compare is measured', () => {
    const keras = { row: 'step-64', threads: 2, contender: 'keras', reason: 'no module' }
    const first = renewed(before, { ...resultOf('2026-01-02T09:00:00Z', 2, { 'step-64': 890 }), leftOut: [keras] })
    const reasonIn = ({ goalsNotRun }: BenchResult) => goalsNotRun?.find(({ goal }) => goal.endsWith('Keras’s'))?.reason
    expect(reasonIn(first)).toBe('keras: no module')
    expect(reasonIn(renewed(first, resultOf('2026-01-02T10:00:00Z', 2, { 'step-224': 700 })))).toBe('keras: no module')
    const later = resultOf('2026-01-02T10:00:00Z', 2, {})
    const rows = summarize({ name: 'step-64', title: 'step-64' }, 2, [turns('keras', [2000])])
    const last = renewed(first, { ...later, rows })
    expect(reasonIn(last)).toBeUndefined()
    expect(last.leftOut).toEqual([])
    expect(last.goals.find(({ goal }) => goal.endsWith('Keras’s'))).toMatchObject({ measured: 0.445, met: true })
  })

  test('with other numbers of threads come at the end', () => {
    const after = renewed(before, resultOf('2026-01-02T09:00:00Z', 4, { 'step-64': 500 }))
    expect(after.threads).toEqual([2, 4])
    expect(after.rows.map(row => row.threads)).toEqual([2, 2, 2, 2, 4, 4])
  })

  test.each([
    ['another day', { date: '2026-01-03T08:00:00Z', machine }, /received one of 2026-01-02/],
    ['another machine', { date: before.date, machine: { ...machine, cores: 2 } }, /received one of p, 4, 8/],
  ])('on %s are refused', (what, now, message) => {
    const file = folder(`${what}.json`)
    expect(() => readRecorded(now, file)).toThrow(/received none/)
    writeFileSync(file, JSON.stringify(before))
    expect(() => readRecorded(now, file)).toThrow(message)
    expect(readRecorded(before, file)).toEqual(before)
  })
})

describe.runIf(existsSync(recordedFile()))('the recorded result', () => {
  const result = existsSync(recordedFile()) ? JSON.parse(readFileSync(recordedFile(), 'utf8')) as BenchResult : null!
  const page = readFileSync(performancePage(), 'utf8')

  test('is what docs/performance.md quotes', () => {
    expect(page).toContain(timesMarkdown(result))
    expect(page).toContain(goalsMarkdown(result))
    expect(page).toContain(machineMarkdown(result))
  })

  test('leaves the page as it is, and another result changes only the parts that a result gives', () => {
    expect(renewedPage(page, result)).toBe(page)
    const changed = renewedPage(page, { ...result, date: '2030-01-02', rows: [], goals: [] })
    expect(changed).toContain('Measured on 2030-01-02')
    expect(changed).not.toContain(timesMarkdown(result).split('\n')[2])
    expect(renewedPage(changed, result)).toBe(page)
  })

  test('says when, on what and with whose settings it was measured', () => {
    expect(page).toContain('GLIBC_TUNABLES')
    expect(page).toContain(result.date.slice(0, 10))
    expect(page).toContain(result.machine.processor)
  })

  test('was measured while no other program used the processors', () =>
    expect(result.rows.filter(row => row.othersLoad !== null && row.othersLoad > 0.05)).toEqual([]))

  test('has the chart that belongs to it', () =>
    expect(readFileSync(recordedFile('svg'), 'utf8')).toBe(resultChart(result).svg))

  test('was judged by the current goals', () => expect(judge(result.rows, deviceOf(result.machine))).toEqual(result.goals))
})
