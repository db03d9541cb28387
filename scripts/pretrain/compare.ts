/**
 * npm run pretrain -- compare [--width half] [--only 0,2] [--seed 1]
 *
 * Pre-trains on easier and harder fractals, fine-tunes each result on the CT set and records what comes out.
 */
import { parseArgs } from 'node:util'
import { widths, type Width } from '../../src/lib/architecture'
import { openDataset } from '../../src/lib/datasets/registry'
import { LabError } from '../../src/lib/errors'
import { pretrainOnFractals, type PretrainOptions } from '../../src/lib/pretrain/pretrain'
import { transfer, transferSplit, transferSplits } from '../../src/lib/pretrain/transfer'
import {
  findTransferRow, readTransferRows, recordTransferRow, transferTable,
} from '../../src/lib/pretrain/transfer-rows'
import { inProject } from '../../src/lib/project-root'
import { toText } from '../../src/lib/tables'
import { listOwnWeights, loadOwnWeights, type OwnWeights } from '../../src/lib/weights/own'
import { showTraining } from './show'

type Task = Required<Pick<PretrainOptions, 'difficulty' | 'classes' | 'images' | 'steps'>>

/** None, the usual one, and what might be better: harder to see, more classes, longer. */
const tasks: readonly (Task | null)[] = [
  null,
  { difficulty: 'plain', classes: 150, images: 64, steps: 1000 },
  { difficulty: 'scene', classes: 150, images: 64, steps: 1000 },
  { difficulty: 'plain', classes: 600, images: 24, steps: 1000 },
  { difficulty: 'plain', classes: 150, images: 64, steps: 3000 },
]

const usage = `npm run pretrain -- compare [--width half] [--only ${tasks.map((_, i) => i).join(',')}] [--seed 1]`

/** Runs what has not been recorded yet, task by task. */
export async function compare(words: string[], signal: AbortSignal): Promise<void> {
  const { width, seed, wanted } = readOptions(words)
  const dataset = await openDataset('sars-cov-2-ct')
  for (const task of wanted) {
    const { difficulty, ...size } = task ?? { difficulty: 'none', classes: null, images: null, steps: null }
    for (const split of transferSplits) {
      const run = { task: difficulty, ...size, width, split, seed }
      if (findTransferRow(await readTransferRows(), run)) continue
      const own = task && await pretrained(task, width, signal)
      if (signal.aborted) return saved()
      console.log(`${name(task, width)}: fine-tuning, ${split}`)
      const { history, stopped } = await transfer(own, width, transferSplit(dataset, split), seed, {
        onProgress: showTraining, signal, checkpoint: { folder: cache('transfer', split, name(task, width), String(seed)) },
      })
      if (stopped === 'cancelled') return saved()
      const { validationAccuracy, validationLoss } = history[history.length - 1]
      await recordTransferRow({
        ...run,
        minutes: own && rounded(own.card.seconds / 60, 1),
        heldOutAccuracy: own && rounded(own.card.result.testAccuracy),
        validationAccuracy: rounded(validationAccuracy), validationLoss: rounded(validationLoss),
      })
    }
  }
  console.log(toText(transferTable(await readTransferRows())))
}

/** The weights that a task leads to: made once, then kept in the cache. */
async function pretrained(task: Task, width: Width, signal: AbortSignal): Promise<OwnWeights | null> {
  const folder = cache('weights', name(task, width))
  if (listOwnWeights(folder).length === 0) {
    console.log(`${name(task, width)}: pre-training`)
    const checkpoint = { folder: cache('training', name(task, width)), everySteps: 250 }
    const control = { onProgress: showTraining, signal, checkpoint }
    const { card } = await pretrainOnFractals({ ...task, width, seed: 1 }, control, folder)
    if (!card) return null
  }
  return loadOwnWeights('fractal', width, folder)
}

function name(task: Task | null, width: Width): string {
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

function readOptions(words: string[]): { width: Width; seed: number; wanted: readonly (Task | null)[] } {
  const text = (standard: string) => ({ type: 'string' as const, default: standard })
  try {
    const { values } = parseArgs({
      args: words, options: { width: text('half'), seed: text('1'), only: text(tasks.map((_, i) => i).join(',')) },
    })
    const { width, seed, only } = values
    if (!Object.hasOwn(widths, width)) throw new Error(`--width ${width}`)
    if (!/^\d+$/.test(seed)) throw new Error(`--seed ${seed}`)
    const places = only.split(',')
    if (!places.every(place => /^\d+$/.test(place) && Number(place) < tasks.length)) throw new Error(`--only ${only}`)
    return { width: width as Width, seed: Number(seed), wanted: places.map(place => tasks[Number(place)]) }
  } catch (fault) {
    throw new LabError('bad-argument', { expected: usage, received: (fault as Error).message, remedy: 'Change the command' })
  }
}
