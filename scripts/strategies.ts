/**
 * npm run strategies -- [--only PATTERN] [--width half] [--dry] [--data sars-cov-2-ct]
 *
 * Runs the comparison of notebook 08 and records each finished run in results/tables. Shows its plan first and the time
 * that it will take; --dry shows nothing else. Recorded runs are skipped; Ctrl-C saves the run under way, and the same
 * command goes on with it. PATTERN is a regular expression that a run's name must fit, such as
 * fine-tuning-fractal-half-all-blocks-fold3-seed1. On another data set than the notebook's nothing is recorded.
 * Two of these commands may go on at once where no run fits both patterns.
 */
import { join } from 'node:path'
import { widths, type Width } from '../src/lib/model/architecture'
import type { Dataset } from '../src/lib/data/dataset'
import { openDataset } from '../src/lib/data/registry'
import { remove } from '../src/lib/system/files'
import { progressDisplay } from '../src/lib/notebook/progress'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { expectedSeconds, measuredSpeed } from '../src/lib/experiments/expected-time'
import { chosenRuns, strategyPlan } from '../src/lib/experiments/plans/four-strategies/plan'
import { readStrategyResults, recordStrategyResult, strategyFiles } from '../src/lib/experiments/plans/four-strategies/recorded'
import { StrategyRunner, type RunControl } from '../src/lib/experiments/strategy-runner'
import { armName, runName, type StrategyResult, type StrategyRun } from '../src/lib/experiments/plans/four-strategies/strategy-run'
import { summarize } from '../src/lib/experiments/plans/four-strategies/summary'
import { strategyTable } from '../src/lib/experiments/plans/four-strategies/table'
import { formatNumber } from '../src/lib/display/format'
import { dataTable, toText } from '../src/lib/display/tables'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { withLock } from '../src/lib/system/lock.mjs'

const usual = 'sars-cov-2-ct'
const usage = 'npm run strategies -- [--only PATTERN] [--width full|half|quarter] [--dry] [--data NAME]'

interface Options {
  only: string
  width: Width
  dry: boolean
  data: string
}

async function main(words: string[], signal: AbortSignal): Promise<void> {
  const { only, width, dry, data } = readWords(words)
  const dataset = await openDataset(data)
  const recorded = dataset.name === usual ? await readStrategyResults() : []
  const finished = new Set(recorded.map(({ row }) => runName(row)))
  const plan = chosenRuns(strategyPlan(width), only)
  const left = plan.filter(run => !finished.has(runName(run)))
  await showPlan(dataset, left, plan.length - left.length, width)
  if (dry || left.length === 0) return
  if (!await carryOut(dataset, left, signal)) return console.log('Saved. The same command goes on from there.')
  console.log(dataset.name === usual
    ? `Recorded in ${strategyFiles().rows.slice(join(projectRoot, '/').length)}`
    : `Not recorded: ${dataset.notice}`)
}

async function showPlan(dataset: Dataset, runs: readonly StrategyRun[], done: number, width: Width): Promise<void> {
  const speed = runs.length ? await measuredSpeed(width) : 1
  const kinds = new Map<string, { kind: string; runs: number; seconds: number }>()
  let all = 0
  for (const run of runs) {
    const kind = `${armName(run)}-${run.split}`, seconds = expectedSeconds(run, dataset, speed)
    const before = kinds.get(kind) ?? { kind, runs: 0, seconds: 0 }
    kinds.set(kind, { kind, runs: before.runs + 1, seconds: before.seconds + seconds })
    all += seconds
  }
  const title = `${dataset.title}: ${runs.length} runs to do, about ${formatNumber(all, 'seconds')}; ${done} done before`
  const columns = ['kind', 'runs', { key: 'seconds', title: 'about', format: 'seconds' as const }]
  console.log(toText(dataTable('plan', title, [...kinds.values()], columns)))
}

/** @returns whether all runs were carried to their ends */
async function carryOut(dataset: Dataset, runs: readonly StrategyRun[], signal: AbortSignal): Promise<boolean> {
  const runner = new StrategyRunner(dataset)
  for (const run of runs) {
    const title = runName(run)
    const folder = inProject('.cache', 'strategies', `${dataset.name.replace(/[^\w-]+/g, '-')}-${title}`)
    const display = progressDisplay(), begun = performance.now()
    const seconds = () => (performance.now() - begun) / 1000
    const onProgress: RunControl['onProgress'] = (note, share, milestone) =>
      display.update(() => ({ title, note, share, seconds: seconds() }), milestone)
    const result = await runner.run(run, { signal, folder, onProgress })
    if (!result) return false
    display.end({ title, share: 1, note: `accuracy ${formatNumber(result.row.accuracy, 'percent')}`, seconds: seconds() })
    if (dataset.name === usual) await record(result)
    else console.log(toText(strategyTable(summarize([result]))))
    await remove(folder)
  }
  return true
}

/** Recording reads, adds and writes: of two processes at once, one would lose the other's line. */
function record(result: StrategyResult): Promise<void> {
  return withLock(inProject('.cache', 'strategies', 'recording.lock'), () => recordStrategyResult(result),
    { onBusy: 'wait', purpose: 'recording a run' })
}

function readWords(words: string[]): Options {
  const options = readOptions(words, {
    usage, does: 'Runs the comparison of notebook 08.', flags: { dry: 'shows the plan only' },
    values: { only: 'a regular expression that a run’s name must match', width: 'default half', data: 'the data set' },
  })
  return {
    only: options.text('only') ?? '', width: options.oneOf('width', Object.keys(widths) as Width[], 'half'),
    data: options.text('data') ?? usual, dry: options.flag('dry'),
  }
}

void runCommand(main, { savesOnInterrupt: true })
