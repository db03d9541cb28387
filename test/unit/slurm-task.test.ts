/** What a task does on its node, and what the states of runs are, with a program in place of Slurm's queue. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  arrayFolder, arraysFolder, readArray, writeArray, writeFaults, type JobArray,
} from '../../src/lib/experiments/carriers/slurm/array'
import type { Job } from '../../src/lib/experiments/carriers/carrier'
import { completeSlurmOptions } from '../../src/lib/experiments/carriers/slurm/options'
import { runStates } from '../../src/lib/experiments/carriers/slurm/run-states'
import { submitArray } from '../../src/lib/experiments/carriers/slurm/submit'
import { carryOutTask } from '../../src/lib/experiments/carriers/slurm/task'
import { completeExperiment, type ExperimentSettings } from '../../src/lib/experiments/config'
import { runIdentity } from '../../src/lib/experiments/identity'
import { ExperimentSession } from '../../src/lib/experiments/run-experiment'
import { isFinished, runFolder, runNames } from '../../src/lib/experiments/run-folder'
import { withLock } from '../../src/lib/system/lock.mjs'
import { tinyBaseline, tinyTraining } from '../fixtures/experiments'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const session = new ExperimentSession()
let baseline: Job, training: Job, broken: Job, other: Job
const jobOf = async (name: string, settings: ExperimentSettings): Promise<Job> => {
  const config = completeExperiment(settings)
  return { name, config, run: (await runIdentity(config, await session.dataset(config))).name }
}
/** A program that answers as Slurm's would. */
const program = (name: string, body: string) => {
  writeFileSync(path('bin', name), `#!/bin/bash\n${body}\n`)
  chmodSync(path('bin', name), 0o755)
}

beforeAll(async () => {
  mkdirSync(path('bin'))
  vi.stubEnv('PATH', `${path('bin')}:${process.env.PATH}`)
  vi.stubEnv('LAB_RUNS_FOLDER', path('runs'))
  baseline = await jobOf('baseline', tinyBaseline)
  training = await jobOf('training', { ...tinyTraining, training: { ...tinyTraining.training!, epochs: 3 } })
  broken = await jobOf('broken', { ...tinyBaseline, split: { kind: 'given' } })
  other = await jobOf('other', { ...tinyBaseline, seed: 5 })
})
afterAll(() => vi.unstubAllEnvs())

const array = (tasks: Job[][]): JobArray =>
  ({ plan: 'p', name: 'lab-p-1', submitted: '2026-01-01', job: 1, recorder: null, cpus: 2, tasks })
/** Each task has a folder of its own, named after its first run, for what failed. */
const carryOut = (tasks: Job[][], signal = new AbortController().signal, say = (_: string) => {}) =>
  carryOutTask(array(tasks), 0, arrayFolder(`lab-${tasks[0][0].name}`), { signal, say })

test('a task stops after the step under way, saves, and goes on; what failed is not tried again', async () => {
  const stop = new AbortController(), lines: string[] = []
  const tasks = [[broken, training, baseline]]
  // The node's clock is an hour ahead of the file server's.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  const first = await carryOut(tasks, stop.signal, line => {
    lines.push(line)
    if (line.includes('epoch 1 of')) stop.abort()
  })
  vi.useRealTimers()
  expect(first).toMatchObject({ left: [training, baseline], faults: [{ run: broken.run }], advanced: true })
  expect(first.faults[0].message).toMatch(/every image to have a part/)
  const second = await carryOut(tasks, undefined, line => lines.push(line))
  expect(second).toEqual({ left: [], faults: first.faults, advanced: true })
  expect(lines.filter(line => /epoch 1 of|broken: begins/.test(line))).toHaveLength(2)
  expect([training, baseline].map(({ run }) => isFinished(runFolder(run)))).toEqual([true, true])
})

test('a task in which nothing was saved has not advanced', async () =>
  expect(await carryOut([[other]], AbortSignal.abort())).toEqual({ left: [other], faults: [], advanced: false }))

test('a task waits for a run that another process carries out', async () => {
  const lines: string[] = []
  let ended: Promise<unknown> = Promise.resolve()
  await withLock(join(runFolder(other.run), 'running.lock'), async () => {
    ended = carryOut([[other]], undefined, line => lines.push(line))
    await new Promise(done => setTimeout(done, 500))
    expect(lines).toEqual([])
  }, { onBusy: 'refuse' })
  expect(await ended).toMatchObject({ left: [], faults: [] })
  expect(lines).toEqual(['other: begins', 'other: finished'])
})

test('a node with other images refuses', async () => {
  const { faults } = await carryOut([[{ ...(await jobOf('x', { ...tinyBaseline, seed: 6 })), run: 'phantom-x-12345678' }]])
  expect(faults).toEqual([{ run: 'phantom-x-12345678', message: expect.stringMatching(/^data-mismatch: .*on all nodes/) as string }])
})

test('the states of runs; only what is missing is submitted, in one array, once', async () => {
  const late = await jobOf('late', { ...tinyBaseline, seed: 7 })
  await writeArray(array([[broken, training], [late]]))
  await writeFaults(arrayFolder('lab-p-1'), 0, [{ run: broken.run, message: 'no parts' }])
  program('squeue', 'echo "1|1|PENDING||Priority|lab-p-1"')
  const jobs = [training, broken, late, await jobOf('new', { ...tinyBaseline, seed: 9 })]
  expect((await runStates(jobs)).map(({ state, note }) => [state, note])).toEqual([
    ['finished', ''], ['failed', 'no parts'], ['queued', 'Priority'], ['missing', ''],
  ])

  program('scontrol', 'echo "MaxArraySize = 1001"')
  program('sbatch', `printf '%s\\n' "$@" >> '${path('words')}'; echo 77`)
  const request = completeSlurmOptions({ cpus: 2 })
  const submission = { plan: 'my plan', recordWords: ['p.json', '--collect'], costOf: () => ({ seconds: 1, memory: 1e9 }) }
  const submitted = (await submitArray(jobs, request, submission))!
  expect(submitted.tasks.flat().map(({ name }) => name)).toEqual(['broken', 'new'])
  expect(submitted).toMatchObject({ plan: 'my plan', job: 77, recorder: 77 })
  expect(submitted.name).toMatch(/^lab-my-plan-[0-9a-f]{8}$/)
  expect(await readArray(arrayFolder(submitted.name))).toEqual(submitted)
  // What the engine set for the card of this machine is not set for the node's.
  const script = readFileSync(join(arrayFolder(submitted.name), 'task.sh'), 'utf8')
  for (const name of ['TF_DETERMINISTIC_OPS', 'NVIDIA_TF32_OVERRIDE', 'TF_CPP_MIN_LOG_LEVEL'])
    expect(script.split('\n').filter(line => line.includes(name))).toEqual([`unset ${name}`])

  program('squeue', `echo "1|1|PENDING||Priority|lab-p-1"; for i in 0 1; do echo "77|$i|RUNNING|n1|None|${submitted.name}"; done`)
  expect(await submitArray(jobs, request, submission)).toBeNull()
  expect(runNames()).not.toContain('slurm')
})

test('what Slurm refuses leaves no array; a run begun with other threads is refused before', async () => {
  program('squeue', '')
  program('sbatch', 'echo "sbatch: error: Invalid account" >&2; exit 1')
  const submission = { plan: 'p', recordWords: [], costOf: () => ({ seconds: 1, memory: null }) }
  const job = await jobOf('unlucky', { ...tinyBaseline, seed: 10 })
  await expect(submitArray([job], completeSlurmOptions(), submission)).rejects.toThrow(/Invalid account/)
  expect(await runStates([job])).toMatchObject([{ state: 'missing' }])
  expect(existsSync(arraysFolder())).toBe(true)

  const begun = await jobOf('begun', { ...tinyTraining, seed: 11 }), stop = new AbortController()
  await carryOut([[begun]], stop.signal, line => { if (line.includes('epoch 1')) stop.abort() })
  expect((await runStates([begun]))[0].state).toBe('paused')
  await expect(submitArray([begun], completeSlurmOptions({ cpus: 3 }), submission))
    .rejects.toThrow(/expected --cpus 2, the threads with which .* began, received --cpus 3/)
})
