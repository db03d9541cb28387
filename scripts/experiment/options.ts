/** The words behind `npm run experiment`. */
import { resolve } from 'node:path'
import type { SlurmOptions } from '../../src/lib/experiments/carriers/slurm/options'
import type { Plan } from '../../src/lib/experiments/plan'
import { readPlan } from '../../src/lib/experiments/plans/plan-file'
import { plans } from '../../src/lib/experiments/plans/plans'
import { widths, type Width } from '../../src/lib/model/architecture'
import { oneOf } from '../../src/lib/system/errors'
import { readOptions, UsageError, type Options } from '../command/options.mjs'

export const usage = 'npm run experiment -- PLAN [--only PATTERN] [--dry] [--workers N | --on slurm], or npm run experiment -- --list'

const tasks = ['dry', 'cost', 'status', 'cancel', 'collect'] as const

export interface ExperimentOptions {
  plan: Plan
  only: string
  /** What to do: carry the plan out, or one of the flags. */
  task: 'carry out' | (typeof tasks)[number]
  /** Null where runs are carried out on this machine. */
  slurm: SlurmOptions | null
  /** Waits until the cluster has carried the runs out. */
  wait: boolean
  workers: number
  nodes: number
  /** The words that make the same plan again, from any folder. */
  planWords: string[]
}

const slurmValues = {
  partition: 'Slurm: a partition by name; default: the cluster’s', time: 'Slurm: the time limit of a task; default 2:00:00',
  cpus: 'Slurm: cores of a task, which are the threads of its runs; default 4',
  gpus: 'Slurm: graphics cards of a task, 0 or 1; default 0',
  memory: 'Slurm: GB of memory of a task; default: what the runs are expected to need',
  'at-once': 'Slurm: how many tasks go on at once; default 50',
}
const values = {
  only: 'a regular expression; runs whose names do not match it are left out',
  workers: 'how many runs go on at once on this machine; default 1',
  width: `the networks’ width: ${Object.keys(widths).join(', ')}; the default is the plan’s`,
  data: 'another data set; only the plan papers records its results', seed: 'the seed of start weights, order and augmentation',
  on: 'slurm: a Slurm cluster carries the runs out; default: local, this machine', ...slurmValues,
  nodes: 'with --cost: how many nodes carry runs out, each one at a time; default 1',
}
const flags = {
  list: 'lists the plans', dry: 'shows the plan, its time and its memory, and carries out nothing',
  cost: 'shows what the runs that are left cost, from measured runs', wait: 'with --on slurm: waits for the runs, and shows them',
  status: 'shows what the cluster has done, does and has still to do', cancel: 'cancels the plan’s jobs on the cluster; runs under way are saved',
  collect: 'records finished runs, shows the results, and carries out nothing',
}
type Words = Options<keyof typeof values, keyof typeof flags>

/**
 * @returns null for --list
 * @throws UsageError; LabError where there is no such plan
 */
export async function readWords(words: string[]): Promise<ExperimentOptions | null> {
  const options: Words = readOptions(words, {
    usage, words: [0, 1], values, flags,
    does: 'Carries out the experiments of a plan. PLAN is the name of a plan (--list shows them), or the path of a JSON file.',
  })
  if (options.flag('list')) return null
  const [name] = options.words
  if (name === undefined) throw new UsageError(usage, 'no plan', `Plans: ${Object.keys(plans).join(', ')}`)
  const chosenTasks = tasks.filter(task => options.flag(task))
  if (chosenTasks.length > 1) options.refuse('one of these flags', chosenTasks.map(task => `--${task}`).join(' '))
  const slurm = slurmOptions(options)
  if (options.flag('wait') && !slurm) options.refuse('--wait beside --on slurm only', '--wait')
  if (options.text('nodes') !== undefined && chosenTasks[0] !== 'cost') options.refuse('--nodes beside --cost only', '--nodes')
  return {
    plan: await planOf(name, options), only: options.text('only') ?? '', task: chosenTasks[0] ?? 'carry out',
    slurm, wait: options.flag('wait'), workers: options.whole('workers', 1), nodes: options.whole('nodes', 1),
    planWords: [name.endsWith('.json') ? resolve(name) : name, ...repeated(options, ['only', 'width', 'data', 'seed'])],
  }
}

/** @returns null on this machine */
function slurmOptions(options: Words): SlurmOptions | null {
  if (options.oneOf('on', ['local', 'slurm'], 'local') === 'local') {
    const names = Object.keys(slurmValues) as (keyof typeof slurmValues)[]
    const stray = names.find(name => options.text(name) !== undefined)
    if (stray) options.refuse(`--${stray} beside --on slurm only`, `--${stray}`)
    return null
  }
  if (options.text('workers') !== undefined) options.refuse('--at-once in place of --workers on a cluster', '--workers')
  return {
    partition: options.text('partition'), time: options.text('time'), cpus: options.whole('cpus', undefined),
    gpus: options.whole('gpus', undefined), memory: options.whole('memory', undefined),
    atOnce: options.whole('at-once', undefined),
  }
}

function planOf(name: string, options: Words): Plan | Promise<Plan> {
  const chosen = {
    width: options.oneOf('width', Object.keys(widths) as Width[], undefined), data: options.text('data'),
    seed: options.whole('seed', undefined),
  }
  if (!name.endsWith('.json')) return namedPlan(name)(chosen)
  if (Object.values(chosen).some(value => value !== undefined))
    options.refuse('--width, --data and --seed beside a plan with a name only', name)
  return readPlan(name)
}

function namedPlan(name: string) {
  if (!Object.hasOwn(plans, name)) throw oneOf('a plan', name, Object.keys(plans))
  return plans[name]
}

/** Options that were set, as words. One word each: a value may begin with a dash. */
function repeated(options: Words, names: readonly (keyof typeof values)[]): string[] {
  return names.flatMap(name => options.text(name) === undefined ? [] : [`--${name}=${options.text(name)}`])
}
