/** The comparison of pre-training as a chart: accuracy after fine-tuning against the steps of pre-training. */
import type { Figure } from '../../../display/figures/figure'
import { lineCharts } from '../../../display/figures/line-chart'
import { mean } from '../../../evaluation/metrics'
import { transferSplits, type TransferRow, type TransferSplit } from './recorded'
import { inProject } from '../../../system/project-root'
import { formatNumber } from '../../../display/format'

const titles: Record<TransferSplit, string> = { random: 'Images dealt out one by one', blocks: 'Number blocks' }

/** The path of the chart of the recorded rows. */
export function transferChartFile(): string {
  return inProject('results', 'tables', 'pretraining.svg')
}

/** A panel for each split, a line for each kind of fractals; seeds are averaged. */
export function transferChart(rows: readonly TransferRow[]): Figure {
  const kinds = [...new Set(rows.map(kindOf))]
  const panels = transferSplits.map(split => ({ split, lines: kinds.map(kind => ({
    kind, points: means(rows.filter(row => row.split === split && kindOf(row) === kind)),
  })) }))
  const words = panels.flatMap(({ split, lines }) => lines.flatMap(({ kind, points }) =>
    points.map(({ x, y }) => `${split}, ${kind}, ${x} steps: ${formatNumber(y, 'percent')}`)))
  return lineCharts({
    name: 'pretraining', title: 'What pre-training on fractals is worth', alt: `${words.join('; ')}.`,
    subtitle: 'Validation accuracy after ten epochs of fine-tuning; of one or two runs, so that small differences say little',
  }, panels.map(({ split, lines }) => ({
    title: titles[split], x: { label: 'steps of pre-training' }, y: { label: 'accuracy', kind: 'percent' },
    series: lines.map(({ kind, points }) => ({ label: kind, points })),
  })))
}

/** The runs of each number of steps, together. */
function means(rows: readonly TransferRow[]): { x: number; y: number }[] {
  const steps = [...new Set(rows.map(row => row.steps ?? 0))].sort((a, b) => a - b)
  return steps.map(x =>
    ({ x, y: mean(rows.filter(row => (row.steps ?? 0) === x).map(row => row.validationAccuracy)) }))
}

/** Such as 'plain, 150 classes'. */
function kindOf({ task, classes, bits }: TransferRow): string {
  return task === 'none' ? 'from scratch' : `${task}, ${classes} classes${bits === 8 ? ', stored in 8 bits' : ''}`
}
