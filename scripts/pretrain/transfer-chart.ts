/** What pre-training is worth, drawn: accuracy after transfer against the steps that went before. */
import type { Figure } from '../../src/lib/figures/figure'
import { lineCharts } from '../../src/lib/figures/line-chart'
import { transferSplits, type TransferSplit } from '../../src/lib/pretrain/transfer'
import type { TransferRow } from '../../src/lib/pretrain/transfer-rows'
import { formatNumber } from '../../src/lib/tables'

const titles: Record<TransferSplit, string> = { random: 'Images dealt out one by one', blocks: 'Number blocks' }

/** A panel for each split, a line for each kind of fractals. */
export function transferChart(rows: readonly TransferRow[]): Figure {
  const kinds = [...new Set(rows.map(kindOf))]
  const words = rows.map(row =>
    `${kindOf(row)}, ${stepsOf(row)} steps, ${row.split}: ${formatNumber(row.validationAccuracy, 'percent')}`)
  return lineCharts({
    name: 'pretraining', title: 'What pre-training on fractals is worth', alt: `${words.join('; ')}.`,
    subtitle: 'Validation accuracy after ten epochs of fine-tuning; one run a point, so that small differences say little',
  }, transferSplits.map(split => ({
    title: titles[split], x: { label: 'steps of pre-training' }, y: { label: 'accuracy', kind: 'percent' },
    series: kinds.map(kind => ({
      label: kind,
      points: rows.filter(row => row.split === split && kindOf(row) === kind)
        .map(row => ({ x: stepsOf(row), y: row.validationAccuracy })).sort((a, b) => a.x - b.x),
    })),
  })))
}

function stepsOf({ steps }: TransferRow): number {
  return steps ?? 0
}

/** Such as 'plain, 150 classes'. */
function kindOf({ task, classes, bits }: TransferRow): string {
  return task === 'none' ? 'from scratch' : `${task}, ${classes} classes${bits === 8 ? ', stored in 8 bits' : ''}`
}
