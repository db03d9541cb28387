import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi, type MockInstance } from 'vitest'
import { fractals } from '../../scripts/pretrain/fractals'
import { recordRun } from '../../src/lib/experiments/plan'
import { pretrainingComparison } from '../../src/lib/experiments/plans/pretraining/plan'
import { readTransferRows } from '../../src/lib/experiments/plans/pretraining/recorded'
import type { FinishedRun } from '../../src/lib/experiments/run-folder'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const never = () => new AbortController().signal
const said = (log: MockInstance<typeof console.log>) => log.mock.calls.flat().join('\n')

let log: MockInstance<typeof console.log>
beforeAll(() => { log = vi.spyOn(console, 'log').mockImplementation(() => {}) })
afterEach(() => { log.mockClear() })
afterAll(() => { vi.restoreAllMocks() })

describe('npm run pretrain -- fractals', () => {
  // A seed that nobody else takes keeps the run's files in the cache apart.
  const words = ['--width', 'quarter', '--steps', '4', '--classes', '4', '--images', '24', '--seed', '40781']
  const run = inProject('.cache', 'pretrain', 'quarter-4-4-24-plain-40781'), curve = `${run}.svg`
  const remove = () => { for (const left of [run, curve]) rmSync(left, { recursive: true, force: true }) }
  // A test that was killed may have left its run, with which this one would go on.
  beforeAll(remove)
  afterAll(remove)

  test('interrupted saves the run; the same command ends it, with weights, card and curve', async () => {
    const cancel = new AbortController()
    log.mockImplementation(line => { if (/^epoch 1 /.test(line as string)) cancel.abort() })
    await fractals([...words, '--folder', path('made')], cancel.signal)
    expect(said(log)).toMatch(/Saved after \d+ s\. The same command goes on from there/)
    expect(readdirSync(path('made'))).toEqual([])
    expect(readdirSync(run).sort()).toEqual(['checkpoint-before.tensors', 'checkpoint.tensors'])

    log.mockReset().mockImplementation(() => {})
    await fractals([...words, '--folder', path('made')], never())
    expect(said(log)).not.toContain('epoch 1 ')
    expect(said(log)).toMatch(/resnet50-fractal-quarter\.tensors: 1,500,896 parameters, test accuracy \d\.\d+/)
    expect(readdirSync(path('made')).sort()).toEqual(['resnet50-fractal-quarter.json', 'resnet50-fractal-quarter.tensors'])
    expect(readFileSync(curve, 'utf8')).toContain('ends after 2 epochs')
    expect(existsSync(run)).toBe(false)
  })

  test.each([
    ['that cannot be one', path('file', 'below'), 'write-failed'], ['outside the project', '/', 'outside-folder'],
  ])('refuses a folder %s before it trains', async (_, folder, code) => {
    writeFileSync(path('file'), '')
    await expect(fractals([...words, '--folder', folder], never())).rejects.toMatchObject({ code })
    expect(said(log)).toBe('')
  })
})

test.each([['--steps', '0'], ['--classes', '1'], ['--images', '1001']])(
  'fractals %s %s is refused before anything is written', async (name, value) => {
    const command = fractals([name, value, '--seed', '40784', '--folder', path('none')], AbortSignal.abort())
    await expect(command).rejects.toMatchObject({ code: 'bad-argument', received: value })
    const cache = inProject('.cache', 'pretrain')
    expect(existsSync(cache) && readdirSync(cache).some(file => file.includes('40784'))).toBe(false)
    expect(existsSync(path('none'))).toBe(false)
  })

test('runs of several comparisons at once are all recorded', async () => {
  const history = [{ validationAccuracy: 0.8, validationLoss: 0.5 }]
  const finished = { history, metrics: { fractals: null } } as unknown as FinishedRun
  const seeds = [1, 2, 3, 4]
  await Promise.all(seeds.map(seed => {
    const plan = pretrainingComparison({ seed, files: { rows: path('rows.csv'), chart: path('chart.svg') } })
    return recordRun(plan, { run: plan.runs[0], finished })
  }))
  expect((await readTransferRows(path('rows.csv'))).map(({ seed }) => seed).sort()).toEqual(seeds)
  expect(readFileSync(path('chart.svg'), 'utf8')).toContain('<svg')
})

describe('npm run pretrain', () => {
  test.each([
    ['a width of another name', fractals, ['--width', 'double'], '--width double'],
    ['a word for a number', fractals, ['--steps', 'many'], '--steps many'],
    ['a difficulty that there is not', fractals, ['--difficulty', 'hard'], '--difficulty hard'],
    ['an option that it does not have', fractals, ['--rate', '1'], '--rate'],
    ['a fraction for a seed', fractals, ['--seed', '0.5'], '--seed 0.5'],
  ])('refuses %s, and says how it is used', async (_, command, words, received) => {
    await expect(command(words, AbortSignal.abort())).rejects.toMatchObject({
      code: 'bad-argument', received: expect.stringContaining(received) as string,
      remedy: expect.stringContaining(`npm run pretrain -- ${command.name}`) as string,
    })
  })
})
