/**
 * The comparison of pre-training on fractals: for longer and shorter, on more fractals and on harder ones. Each result
 * is fine-tuned briefly and judged on a validation part, never on the same fold's test part. But a block that validates
 * one fold is tested by another fold: where these figures led to a choice, figures on the blocks' test parts may be
 * slightly too good.
 */
import { augmentations } from '../../../images/augment'
import type { Width } from '../../../model/architecture'
import { writeFileAtomic } from '../../../system/files'
import { completeExperiment, type ExperimentConfig, type ExperimentSettings } from '../../config'
import type { Plan, PlanResult } from '../../plan'
import { defaultData, type PlanOptions } from '../../plan-options'
import type { FinishedRun } from '../../run-folder'
import { transferChart, transferChartFile } from './chart'
import {
  caseName, readTransferRows, recordTransferRow, transferFile, transferSplits, transferTable, type TransferCase,
  type TransferRow, type TransferSplit,
} from './recorded'

type Task = Pick<TransferCase, 'task' | 'classes' | 'images' | 'steps' | 'bits'>

const plain: Task = { task: 'plain', classes: 150, images: 64, steps: 1000, bits: 16 }

/** From scratch; the default fractals with more and more steps; stored in fewer bits; more classes; harder to see. */
const tasks: readonly Task[] = [
  { task: 'none', classes: null, images: null, steps: null, bits: null },
  ...[250, 500, 1000, 2000].map(steps => ({ ...plain, steps })),
  { ...plain, bits: 8 },
  { ...plain, classes: 600, images: 24 },
  { ...plain, task: 'scene' },
]

/** The comparison at one width, by one seed of fine-tuning, on both splits. */
export function pretrainingComparison(
  { width = 'quarter', seed = 1, data = defaultData, files }: PlanOptions<{ rows: string; chart: string }> = {},
): Plan {
  const cases = tasks.flatMap(task => transferSplits.map((split): TransferCase => ({ ...task, width, split, seed })))
  const byName = new Map(cases.map(one => [runName(one), one]))
  const tables = files ?? (data === defaultData ? { rows: transferFile(), chart: transferChartFile() } : null)
  const rowOf = ({ run, finished }: PlanResult) => transferRow(byName.get(run.name)!, finished)
  return {
    name: 'pretraining', title: 'What pre-training on fractals is worth',
    runs: cases.map(one => ({
      name: runName(one), kind: runName({ ...one, seed: null }), config: transferExperiment(one, { name: data }),
    })),
    files: tables ? [tables.rows, tables.chart] : [],
    recorded: async () => {
      if (!tables) return []
      const names = new Set((await readTransferRows(tables.rows)).map(caseName))
      return cases.filter(one => names.has(caseName(one))).map(one => ({ name: runName(one), seconds: null }))
    },
    record: async result => { if (tables) await recordWithChart(rowOf(result), tables) },
    results: async finished => transferTable(tables ? await readTransferRows(tables.rows) : finished.map(rowOf)),
  }
}

/** Records a row and draws the chart again, so that table and chart agree even where a comparison is stopped. */
export async function recordWithChart(
  row: TransferRow, { rows, chart }: { rows: string; chart: string },
): Promise<void> {
  await recordTransferRow(row, rows)
  await writeFileAtomic(chart, transferChart(await readTransferRows(rows)).svg)
}

/** Such as 'quarter-plain-150-64-1000-16-random-seed1', or 'quarter-scratch-blocks-seed1'. */
function runName({ task, classes, images, steps, bits, width, split, seed }: Omit<TransferCase, 'seed'> & { seed: number | null }): string {
  const fractals = task === 'none' ? ['scratch'] : [task, classes, images, steps, bits]
  return [width, ...fractals, split, ...(seed === null ? [] : [`seed${seed}`])].join('-')
}

/** The experiment of a case: all layers train for ten epochs. The rate falls to 0, since validation swings before. */
export function transferExperiment(
  { task, classes, images, steps, bits, width, split, seed }: TransferCase, data: ExperimentSettings['data'],
): ExperimentConfig {
  const preparation = task === 'none' ? null : {
    kind: 'fractals' as const, steps: steps!, classes: classes!, images: images!, difficulty: task as 'plain' | 'scene',
    bits: bits as 8 | 16, seed: 1,
  }
  return completeExperiment({
    data,
    split: transferSplit(split as TransferSplit),
    model: { kind: 'resnet50', weights: 'none', width: width as Width, size: 64, dropout: 0.2, preparation },
    training: {
      epochs: 10, batch: 64, optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 }, schedule: { name: 'one-cycle' },
      augment: augmentations.gentle, labelSmoothing: 0.05,
    },
    evaluation: { part: 'validation' },
    seed,
  })
}

/** The first of five folds: a fifth is its test part, which stays unused; a fifth of the rest validates. */
export function transferSplit(split: TransferSplit): ExperimentSettings['split'] {
  return { kind: 'folds', by: split === 'random' ? 'random' : 'group', fold: 1, folds: 5, validation: 0.2, seed: 42 }
}

/** The row of a finished run: figures of the last epoch. */
export function transferRow(run: TransferCase, { history, metrics: { fractals } }: FinishedRun): TransferRow {
  const { validationAccuracy, validationLoss } = history[history.length - 1]
  return {
    ...run, minutes: fractals && rounded(fractals.seconds / 60, 1),
    heldOutAccuracy: fractals && rounded(fractals.heldOutAccuracy),
    validationAccuracy: rounded(validationAccuracy), validationLoss: rounded(validationLoss),
  }
}

/** A number to so many digits, by default four. */
function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits))
}
