/** What a plan has still to do, what it costs, and how far a cluster is with it: tables. */
import type { RunState } from '../../src/lib/experiments/carriers/slurm/run-states'
import type { ExpectedCost, MeasuredCost } from '../../src/lib/experiments/expected-cost'
import type { Plan, PlannedRun } from '../../src/lib/experiments/plan'
import { pricePlan } from '../../src/lib/experiments/plan-price'
import { plans } from '../../src/lib/experiments/plans/plans'
import { formatNumber } from '../../src/lib/display/format'
import { dataTable, type Table } from '../../src/lib/display/tables'
import { size } from '../command/text.mjs'

/** The runs that are left, by kind. @param seconds until all have ended; null where unknown */
export function overview(
  { name, title }: Plan, runs: readonly PlannedRun[], costs: readonly Pick<ExpectedCost, 'memory'>[], done: number,
  times: readonly (number | null)[], seconds: number | null,
): Table {
  const rows = byKind(runs, indices => ({
    seconds: total(indices.map(i => times[i])), memory: bytes(costs[indices[0]].memory),
  }))
  const about = seconds === null ? 'of unknown time' : `about ${formatNumber(seconds, 'seconds')}`
  const words = runs.length ? `${runs.length} runs to do, ${about}` : 'nothing to do'
  return dataTable('plan', `${name}: ${title}\n${words}; ${done} done before`, rows, rows.length ? [
    'kind', 'runs', { key: 'seconds', title: 'about', format: 'seconds' as const }, 'memory',
  ] : [])
}

/** What the runs that are left cost on a number of nodes, from measured runs. @throws LabError 'bad-argument' */
export function priceTable(
  { name, title }: Plan, runs: readonly PlannedRun[], costs: readonly MeasuredCost[], nodes: number, threads: number,
): Table {
  const price = pricePlan(costs, nodes)
  const row = (one: Pick<MeasuredCost, 'seconds' | 'memory' | 'disk' | 'traffic'>) => ({
    time: duration(one.seconds), memory: bytes(one.memory), disk: bytes(one.disk), network: bytes(one.traffic),
  })
  const rows = [
    ...byKind(runs, ([first]) => row(costs[first])),
    { kind: 'all, in work', runs: runs.length, ...row({ ...price, seconds: price.work }) },
    { kind: `all, on ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`, runs: runs.length, ...row(price) },
  ]
  const unknown = price.unknown ? ` ${price.unknown} runs are like none that was measured: --dry estimates their time.` : ''
  return dataTable('price', `${name}: ${title}`, rows, ['kind', 'runs', 'time', 'memory', 'disk', 'network'],
    `A run's figures, from measured runs, with ${threads} ${threads === 1 ? 'thread' : 'threads'} each; one run at a time on a `
    + 'node. The network carries at most what runs read and write. Waiting in a queue and starting programs come on top.'
    + unknown)
}

/** How many runs are in which state; below, what is known of those that run or have failed. */
export function statusTable({ name, title }: Plan, states: readonly RunState[], recorded: number): Table {
  const words = ['finished', 'running', 'queued', 'paused', 'missing', 'failed'] as const
  const counts = words.map(word => {
    const count = states.filter(({ state }) => state === word).length
    return `${count + (word === 'finished' ? recorded : 0)} ${word}`
  })
  const shown = states.filter(({ state }) => state !== 'finished' && state !== 'missing')
  const rows = shown.map(({ job, state, note }) => ({ run: job.name, state, note }))
  return dataTable('status', `${name}: ${title}\n${counts.join(', ')}`, rows, rows.length ? ['run', 'state', 'note'] : [])
}

export async function plansTable(): Promise<Table> {
  const made = await Promise.all(Object.values(plans).map(makePlan => makePlan()))
  const rows = made.map(({ name, title, runs }) => ({ name, runs: runs.length, title }))
  return dataTable('plans', 'Plans. You can also write one as a JSON file: see docs/experiments.md', rows)
}

/** A row for each kind of run. @param rest the row's other cells, from the indices of the kind's runs */
function byKind<Cells extends object>(runs: readonly PlannedRun[], rest: (indices: number[]) => Cells) {
  const kinds = new Map<string, number[]>()
  runs.forEach(({ kind }, i) => kinds.set(kind, [...kinds.get(kind) ?? [], i]))
  return [...kinds].map(([kind, indices]) => ({ kind, runs: indices.length, ...rest(indices) }))
}

function total(values: readonly (number | null)[]): number | null {
  return values.every(value => value !== null) ? values.reduce((sum, value) => sum + value, 0) : null
}

function bytes(value: number | null): string {
  return value === null ? 'unknown' : size(value)
}

function duration(seconds: number | null): string {
  return seconds === null ? 'unknown' : formatNumber(seconds, 'seconds')
}
