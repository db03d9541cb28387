/** A plan on a real Slurm cluster of two nodes, on which things go wrong: the results are those of this machine. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JobArray } from '../../src/lib/experiments/carriers/slurm/array'
import { inProject } from '../../src/lib/system/project-root'
import { tinyBaseline, tinyTraining } from '../fixtures/experiments'
import { temporaryFolder } from '../fixtures/temporary'
import { noClusterBecause, startCluster, until, type Cluster } from './cluster'

if (noClusterBecause) console.log(`The Slurm test is skipped: ${noClusterBecause}`)

const path = temporaryFolder()
/** Trainings that last long enough to be interrupted. A baseline between two of them gives each a task of its own. */
const long = { ...tinyTraining, training: { ...tinyTraining.training!, epochs: 16 } }
const experiments = Object.fromEntries([1, 2, 3, 4].flatMap(seed => [
  [`long${seed}`, seed < 4 ? { ...long, seed } : { ...tinyTraining, seed }],
  [`baseline${seed}`, { ...tinyBaseline, split: { ...tinyBaseline.split, seed } }],
  [`short${seed}`, { ...tinyTraining, freezing: 'head', seed }],
]))
// Scripts must quote this folder's name.
const onCluster = path('runs of Anna\'s "50%" & more'), here = path('local')

interface Ended {
  code: number | null
  out: string
  err: string
}

const children: ChildProcess[] = []

/** The command, with one thread a run. */
function command(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--import', 'tsx', inProject('scripts', 'experiment.ts'), ...words],
      { cwd: inProject(), env: { ...env, LAB_THREADS: '1', LAB_WORKERS: '0' } })
    children.push(child)
    let out = '', err = ''
    child.stdout.on('data', (text: Buffer) => { out += text.toString() })
    child.stderr.on('data', (text: Buffer) => { err += text.toString() })
    child.on('close', code => resolve({ code, out, err }))
  })
}

/** The last table of results in a text, without the column of times. */
function resultsIn(text: string): string[] {
  const lines = text.slice(text.lastIndexOf('Plan of twelve\nrun ')).split('\n')
  return lines.slice(1, 14).map(line => line.replace(/ +(time|[\d.]+ s|\d+ min \d+ s)$/, ''))
}

describe.skipIf(noClusterBecause)('a cluster', () => {
  let cluster: Cluster
  beforeAll(async () => {
    writeFileSync(path('plan.json'), JSON.stringify({ title: 'Plan of twelve', experiments }))
    cluster = await startCluster(path('c'))
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    cluster?.stop()
  })

  const slurm = (...words: string[]) => command([path('plan.json'), ...words], { ...cluster.env, LAB_RUNS_FOLDER: onCluster })
  const arrays = () => readdirSync(join(onCluster, 'slurm')).filter(name => name.startsWith('lab-'))
  const logs = () => arrays().flatMap(name => readdirSync(join(onCluster, 'slurm', name)).filter(file => file.startsWith('task-'))
    .map(file => readFileSync(join(onCluster, 'slurm', name, file), 'utf8'))).join('')

  /** The long trainings under way that have saved a checkpoint, with the numbers of their jobs and their nodes. */
  const underWay = () => {
    const [name] = arrays()
    const { job, tasks } = JSON.parse(readFileSync(join(onCluster, 'slurm', name, 'array.json'), 'utf8')) as JobArray
    const running = cluster.ask('squeue', '--noheader', '--array', '--states=RUNNING', '--format=%F_%K %A %N').split('\n')
    return tasks.flatMap((runs, task) => {
      const [, number, node] = running.map(line => line.trim().split(' ')).find(([id]) => id === `${job}_${task}`) ?? []
      return node ? runs.filter(one => one.name.startsWith('long') && one.config.training!.epochs > 2)
        .map(({ run }) => ({ folder: join(onCluster, run), number, node })) : []
    }).filter(({ folder }) => existsSync(join(folder, 'running.lock')) && existsSync(join(folder, 'checkpoint', 'training')))
  }

  test('loses a node, a task whose time is up and one that is killed, and no bit', { timeout: 600_000 }, async () => {
    const local = command([path('plan.json')], { ...process.env, LAB_RUNS_FOLDER: here })
    const first = await slurm('--on', 'slurm', '--cpus', '1', '--at-once', '5')
    expect([first.err, first.code]).toEqual(['', 0])
    expect(first.out).toMatch(/Slurm job \d+: 12 runs in \d+ tasks; tasks of 1 thread, up to 0-02:00:00, 5 at once\./)

    const on = (node: string) => underWay().find(task => task.node === node)
    const onBoth = () => {
      const first = on('n1'), second = on('n2')
      return first && second && [first, second] as const
    }
    const [onDeadNode, interrupted] = await until(onBoth, 120, 'a checkpoint on each node')
    cluster.signal('USR2', interrupted.number)
    cluster.killNode('n1')
    await until(() => logs().includes('the task returns to the queue'), 120, 'the task whose time is up')
    const goingOn = await until(() => on('n2'), 120, 'a training that goes on')
    cluster.signal('KILL', goingOn.number)
    const status = await slurm('--status')
    expect(status.out).toMatch(/\d finished, \d running, \d queued, [12] paused, \d missing, 0 failed/)
    expect(existsSync(join(onDeadNode.folder, 'metrics.json'))).toBe(false)

    const second = await slurm('--on', 'slurm', '--cpus', '1', '--wait')
    expect([second.err, second.code]).toEqual(['', 0])
    expect(second.out).toMatch(/Slurm job \d+: [1-4] runs? in [1-4] tasks?;/)
    expect(second.out).toContain('in the queue already')
    for (const seed of [1, 2, 3]) expect(logs().split(`long${seed}: epoch 1 of`), 'begun once').toHaveLength(2)

    const reference = await local
    expect(reference.code).toBe(0)
    expect(resultsIn(second.out)).toEqual(resultsIn(reference.out))
    expect(readdirSync(onCluster).filter(name => name !== 'slurm')).toEqual(readdirSync(here))
    for (const run of readdirSync(here)) for (const file of ['predictions.csv', 'config.json', 'split.csv'])
      expect(readFileSync(join(onCluster, run, file), 'utf8'), `${file} of ${run}`).toBe(readFileSync(join(here, run, file), 'utf8'))

    const recorded = () => arrays().map(name => join(onCluster, 'slurm', name, 'record.txt')).filter(existsSync)
      .map(file => readFileSync(file, 'utf8')).filter(text => text.includes('The runs are in'))
    await until(() => recorded().length === 2, 120, 'the jobs that record')
    expect(resultsIn(recorded().at(-1)!)).toHaveLength(13)
  })
})
