import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { transferChart, transferChartFile } from '../../src/lib/experiments/plans/pretraining/chart'
import { readTransferRows, type TransferRow } from '../../src/lib/experiments/plans/pretraining/recorded'

const scratch: TransferRow = {
  task: 'none', classes: null, images: null, steps: null, bits: null, width: 'quarter', minutes: null,
  heldOutAccuracy: null, split: 'random', validationAccuracy: 0.8, validationLoss: 0.5, seed: 1,
}
const fractals: TransferRow = { ...scratch, task: 'plain', classes: 150, images: 64, steps: 500, bits: 16 }

it('draws a panel for each split and a point for the runs of all seeds, joined by kind in the order of steps', () => {
  const again = { ...fractals, seed: 2, validationAccuracy: 0.9 }
  const rows = [scratch, { ...fractals, steps: 1000 }, fractals, again, { ...fractals, bits: 8, split: 'blocks' }]
  const { svg, alt } = transferChart(rows)
  expect(svg.match(/<circle/g)).toHaveLength(4)
  expect(svg).toContain('Images dealt out one by one')
  expect(svg).toContain('Number blocks')
  for (const words of ['random, from scratch, 0 steps: 80', 'random, plain, 150 classes, 500 steps: 85',
    'blocks, plain, 150 classes, stored in 8 bits, 500 steps: 80']) expect(alt).toContain(words)
  const line = /<path fill="none"[^>]*d="M([^"]+)"|d="M([\d.,L]+)"/.exec(svg)!
  const across = (line[1] ?? line[2]).split('L').map(place => Number(place.split(',')[0]))
  expect(across).toEqual([...across].sort((a, b) => a - b))
})

it('the committed chart is the one of the committed rows', async () =>
  expect(readFileSync(transferChartFile(), 'utf8')).toBe(transferChart(await readTransferRows()).svg))
