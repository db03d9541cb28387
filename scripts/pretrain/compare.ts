/**
 * npm run pretrain -- compare [--width quarter] [--only 0,2] [--seed 1]
 *
 * Pre-trains on fractals for longer and shorter, on more of them and on harder ones, fine-tunes each result on the CT
 * set, records what comes out in results/tables/pretraining.csv and draws it beside.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { widths, type Width } from '../../src/lib/model/architecture'
import { openDataset } from '../../src/lib/data/registry'
import { writeFileAtomic } from '../../src/lib/system/files'
import { pretrainOnFractals, type PretrainOptions } from '../../src/lib/experiments/pretraining'
import { transfer, transferSplit, transferSplits } from '../../src/lib/experiments/transfer'
import {
  findTransferRow, readTransferRows, recordTransferRow, transferTable, type TransferRow,
} from '../../src/lib/experiments/plans/pretraining/recorded'
import { inProject } from '../../src/lib/system/project-root'
import { toText } from '../../src/lib/display/tables'
import { projectWeightsName, readProjectWeights } from '../../src/lib/weights/project-weights'
import { readOptions } from '../command/options.mjs'
import { withLock } from '../../src/lib/system/lock.mjs'
import { showTraining } from './show'
import { transferChart, transferChartFile } from '../../src/lib/experiments/plans/pretraining/chart'

interface Task extends Required<Pick<PretrainOptions, 'difficulty' | 'classes' | 'images' | 'steps'>> {
  /** How many a number of a kernel is stored in: float16 or int8. */
  bits: 16 | 8
}

const usual: Task = { difficulty: 'plain', classes: 150, images: 64, steps: 1000, bits: 16 }

/** None; the usual one, for longer and longer; the same in fewer bits; more classes; harder to see. */
const tasks: readonly (Task | null)[] = [
  null,
  ...[250, 500, 1000, 2000].map(steps => ({ ...usual, steps })),
  { ...usual, bits: 8 },
  { ...usual, classes: 600, images: 24 },
  { ...usual, difficulty: 'scene' },
]

const usage = `npm run pretrain -- compare [--width quarter] [--only ${tasks.map((_, i) => i).join(',')}] [--seed 1]`

/** Runs what has not been recorded yet, task by task. */
export async function compare(words: string[], signal: AbortSignal): Promise<void> {
  const { width, seed, wanted } = readWords(words)
  const dataset = await openDataset('sars-cov-2-ct')
  for (const task of wanted) {
    const { difficulty, ...size } = task ?? { difficulty: 'none', classes: null, images: null, steps: null, bits: null }
    for (const split of transferSplits) {
      const run = { task: difficulty, ...size, width, split, seed }
      if (findTransferRow(await readTransferRows(), run)) continue
      const file = task && await pretrained(task, width, signal)
      if (signal.aborted) return saved()
      console.log(`${name(task, width)}: fine-tuning, ${split}`)
      const { history, stopped } = await transfer(file, width, transferSplit(dataset, split), seed, {
        onProgress: showTraining, signal,
        checkpoint: { folder: cache('transfer', split, name(task, width), String(seed)) },
      })
      if (stopped === 'cancelled') return saved()
      const card = file ? (await readProjectWeights(file)).card : null
      const { validationAccuracy, validationLoss } = history[history.length - 1]
      await record({
        ...run,
        minutes: card && rounded(card.seconds / 60, 1),
        heldOutAccuracy: card && rounded(card.result.testAccuracy),
        validationAccuracy: rounded(validationAccuracy), validationLoss: rounded(validationLoss),
      })
    }
  }
  console.log(toText(transferTable(await readTransferRows())))
}

/**
 * Recording reads, adds and writes: of two processes at once, one would lose the other's row. The chart is drawn with
 * every row: a comparison that is stopped leaves table and chart of one mind.
 */
export function record(row: TransferRow, file?: string, chart: string = transferChartFile()): Promise<void> {
  return withLock(inProject('.cache', 'pretrain', 'recording.lock'), async () => {
    await recordTransferRow(row, file)
    await writeFileAtomic(chart, transferChart(await readTransferRows(file)).svg)
  }, { onBusy: 'wait', purpose: 'recording a run' })
}

/** The file of weights that a task leads to: made once, then kept in the cache. Null where that was interrupted. */
async function pretrained(task: Task, width: Width, signal: AbortSignal): Promise<string | null> {
  const folder = cache('weights', name(task, width))
  const file = join(folder, `${projectWeightsName('fractal', width)}.tensors`)
  if (!existsSync(file)) {
    console.log(`${name(task, width)}: pre-training`)
    // The same run for either storage: where it is over, nothing is trained again.
    const { bits, ...options } = task
    const checkpoint = { folder: cache('training', name(options, width)), everySteps: 250 }
    const control = { onProgress: showTraining, signal, checkpoint }
    const { card } = await pretrainOnFractals({ ...options, width, seed: 1 }, control,
      { folder, kernels: bits === 8 ? 'int8' : 'float16' })
    if (!card) return null
  }
  return file
}

function name(task: Omit<Task, 'bits'> | null, width: Width): string {
  return [width, ...Object.values(task ?? { task: 'scratch' })].join('-')
}

function cache(...names: string[]): string {
  return inProject('.cache', 'pretrain', 'compare', ...names)
}

function saved(): void {
  console.log('\nSaved. The same command goes on from there.')
}

/** Four digits, or as many as said. */
function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits))
}

function readWords(words: string[]): { width: Width; seed: number; wanted: readonly (Task | null)[] } {
  const options = readOptions(words, {
    usage, does: 'Compares pre-trainings on fractals by what they give after fine-tuning.',
    values: { width: 'the network’s width; default quarter', seed: 'default 1', only: 'the numbers of the pre-trainings to run' },
  })
  const places = (options.text('only') ?? tasks.map((_, i) => i).join(',')).split(',')
  if (!places.every(place => /^\d+$/.test(place) && Number(place) < tasks.length)) options.refuse('--only with numbers of pre-trainings', `--only ${places.join(',')}`)
  return {
    width: options.oneOf('width', Object.keys(widths) as Width[], 'quarter'), seed: options.whole('seed', 1),
    wanted: places.map(place => tasks[Number(place)]),
  }
}
