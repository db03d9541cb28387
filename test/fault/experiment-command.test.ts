/** npm run experiment and npm run runs as processes of their own: what they answer, and what kills and Ctrl-C leave. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runExperiment } from '../../src/lib/experiments/run-experiment'
import { readTransferRows } from '../../src/lib/experiments/plans/pretraining/recorded'
import { inProject } from '../../src/lib/system/project-root'
import { tinyTraining } from '../fixtures/experiments'
import '../fixtures/one-thread'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const training = { ...tinyTraining, training: { ...tinyTraining.training!, epochs: 4 } }

interface Ended {
  code: number | null
  out: string
  err: string
}

/** @param stopAt what it says when it gets the signal @param runs the folder of its runs */
function run(
  program: string, words: readonly string[], { runs = 'runs', stopAt, signal }: {
    runs?: string; stopAt?: string; signal?: NodeJS.Signals
  } = {},
): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--import', 'tsx', inProject(program), ...words], {
      cwd: inProject(), env: { ...process.env, LAB_RUNS_FOLDER: path(runs) },
    })
    let out = '', err = '', stopped = false
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      if (!stopAt || stopped || !out.includes(stopAt)) return
      stopped = true
      child.kill(signal)
    })
    child.stderr.on('data', (text: Buffer) => { err += text.toString() })
    child.on('close', code => resolve({ code, out, err }))
  })
}

test('a run that kill -9 ends goes on to the same bits', async () => {
  writeFileSync(path('plan.json'), JSON.stringify({ title: 'One run', experiments: { one: training } }))
  process.env.LAB_RUNS_FOLDER = path('straight')
  const straight = (await runExperiment(training))!
  const killed = await run('scripts/experiment.ts', [path('plan.json')], { stopAt: 'epoch 2 of', signal: 'SIGKILL' })
  expect(killed.code).toBeNull()
  const folder = path('runs', straight.name)
  expect(existsSync(join(folder, 'metrics.json'))).toBe(false)
  expect(existsSync(join(folder, 'checkpoint', 'training', 'checkpoint.tensors'))).toBe(true)

  const resumed = await run('scripts/experiment.ts', [path('plan.json')])
  expect([resumed.code, resumed.err]).toEqual([0, ''])
  expect(resumed.out).not.toContain('epoch 1 of')
  expect(resumed.out).toMatch(/finished {2}one {2}accuracy/)
  for (const file of ['predictions.csv', 'split.csv', 'config.json'])
    expect(readFileSync(join(folder, file), 'utf8'), file).toBe(readFileSync(join(straight.folder, file), 'utf8'))
  expect(readdirSync(folder)).toEqual(readdirSync(straight.folder))
})

test('Ctrl-C saves the runs of two workers and ends well', async () => {
  // So many epochs that no run ends before the signal comes.
  const long = { ...training, training: { ...training.training, epochs: 9999 } }
  const experiments = { one: { ...long, seed: 2 }, two: { ...long, seed: 3 } }
  writeFileSync(path('two.json'), JSON.stringify({ title: 'Two runs', experiments }))
  const { code, out, err } = await run('scripts/experiment.ts', [path('two.json'), '--workers', '2'], {
    runs: 'workers', stopAt: 'epoch 1 of', signal: 'SIGINT',
  })
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('2 runs at a time, each a process on 1 thread')
  expect(out).toContain('Saved. The same command goes on from there.')
  for (const name of readdirSync(path('workers'))) expect(readdirSync(path('workers', name))).not.toContain('running.lock')
})

test('two processes that record at once lose no row', async () => {
  const records = ([from, to]: readonly [number, number]) =>
    run('test/fault/record-runs.ts', [path('recorded'), String(from), String(to)])
  for (const { code, err } of await Promise.all([[1, 3] as const, [4, 6] as const].map(records)))
    expect([code, err]).toEqual([0, ''])
  const rows = await readTransferRows(path('recorded', 'rows.csv'))
  expect(rows.map(({ seed }) => seed).sort()).toEqual([1, 2, 3, 4, 5, 6])
})

test.each([
  ['scripts/experiment.ts', ['four-strategis'], /Nearest: 'four-strategies'/],
  ['scripts/runs.ts', ['compare', 'one'], /the name of a run, received 'one'/],
  ['scripts/experiment.ts', ['reference-notebook', '--cpus', '2'], /--cpus beside --on slurm only/],
  ['scripts/experiment.ts', ['reference-notebook', '--on', 'slurm', '--workers', '2'], /--at-once in place of --workers/],
  ['scripts/experiment.ts', ['reference-notebook', '--cancel', '--status'], /one of these flags/],
])('%s %j is refused in one line', async (program, words, message) => {
  const { code, err } = await run(program, words)
  expect(code).toBe(1)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(err).toMatch(message)
})
