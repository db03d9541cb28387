/** The cells of a confusion matrix: counts, shares, colors, and the words for them. */
import { sum } from 'd3-array'
import type { Evaluation } from '../../evaluation/evaluation'
import { formatNumber } from '../format'
import { listed } from '../letters'
import { ink } from './figure'

/** One cell. */
export interface ConfusionCell {
  truth: string
  predicted: string
  /** Images. */
  count: number
  /** Share of the images of this truth, 0 to 1; NaN where there are none. */
  share: number
  /** Color of the cell, and of the words in it. */
  fill: string
  ink: string
}

/** From white at 0 to blue at 1, in red, green and blue. */
const light = [255, 255, 255], full = [0, 76, 138]

/** The cells, `[truth][predicted]`. */
export function confusionCells({ confusion, predictions: { classes } }: Evaluation): ConfusionCell[][] {
  return confusion.map((row, t) => {
    const total = sum(row)
    return row.map((count, p) => {
      const share = total ? count / total : NaN
      return { truth: classes[t], predicted: classes[p], count, share, fill: shade(share), ink: share > 0.7 ? '#ffffff' : ink }
    })
  })
}

/** '12 of COVID called non-COVID (8.0 %)' */
export function cellWords({ truth, predicted, count, share }: ConfusionCell): string {
  return `${count} of ${truth} called ${predicted} (${formatNumber(share, 'percent')})`
}

/** A sentence that names the classes without images, behind a blank; empty where each class has some. */
export function absentWords(cells: readonly ConfusionCell[]): string {
  const absent = [...new Set(cells.filter(({ share }) => Number.isNaN(share)).map(({ truth }) => truth))]
  return absent.length ? ` There are no images of ${listed(absent)}.` : ''
}

function shade(share: number): string {
  const mixed = light.map((channel, i) => Math.round(channel + (full[i] - channel) * (Number.isNaN(share) ? 0 : share)))
  return `rgb(${mixed.join(',')})`
}
