import { expect, it } from 'vitest'
import {
  caseName, readTransferRows, recordTransferRow, type TransferRow,
} from '../../src/lib/experiments/plans/pretraining/recorded'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
const scratch: TransferRow = {
  task: 'none', classes: null, images: null, steps: null, bits: null, width: 'half', minutes: null, heldOutAccuracy: null,
  split: 'random', validationAccuracy: 0.8, validationLoss: 0.5, seed: 1,
}
const scenes: TransferRow = {
  ...scratch, task: 'scene', classes: 150, images: 64, steps: 1000, bits: 16, minutes: 9.5, heldOutAccuracy: 0.7,
}

it('records a row a run, the newest of each, and finds it by what was chosen', async () => {
  const path = folder('pretraining.csv')
  expect(await readTransferRows(path)).toEqual([])
  for (const row of [scratch, scenes, { ...scratch, validationAccuracy: 0.9 }]) await recordTransferRow(row, path)
  const rows = await readTransferRows(path)
  expect(rows).toEqual([{ ...scratch, validationAccuracy: 0.9 }, scenes])
  const find = (run: TransferRow) => rows.find(row => caseName(row) === caseName(run))
  expect(find(scratch)!.validationAccuracy).toBe(0.9)
  expect(find({ ...scratch, split: 'blocks' })).toBeUndefined()
  expect(find({ ...scenes, bits: 8 })).toBeUndefined()
})
