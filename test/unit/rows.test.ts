/** Rows: questions about their numbers, and rows from files. A missing number is never taken for 0. */
import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { findGreatest, findLeast, sumColumn } from '../../src/lib/display/column-summary'
import { figure, readRows, writeRows } from '../../src/lib/experiments/results-file'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

test('the sum of a column with NaN is NaN; the greatest and the least pass NaN over', () => {
  const rows = [{ loss: 0.5 }, { loss: NaN }, { loss: 0.25 }]
  expect(sumColumn(rows, 'loss')).toBeNaN()
  expect(sumColumn([{ loss: 0.5 }, { loss: 0.25 }], 'loss')).toBe(0.75)
  expect([findGreatest(rows, 'loss'), findLeast(rows, 'loss')]).toEqual([{ loss: 0.5 }, { loss: 0.25 }])
})

test('rows of a file match their schema: an empty cell of a figure is NaN, another fault is named with its line', async () => {
  const path = folder('rows.csv'), schema = z.object({ run: z.string(), epoch: z.number(), loss: figure })
  await writeFile(path, 'run,epoch,loss\na,1,\na,2,Infinity\n')
  expect(await readRows(path, schema, ['run'])).toEqual([
    { run: 'a', epoch: 1, loss: NaN }, { run: 'a', epoch: 2, loss: Infinity },
  ])
  await writeFile(path, 'run,epoch,loss\na,1,0.5\na,,0.5\n')
  await expect(readRows(path, schema, ['run'])).rejects.toThrow(/damaged-file.*epoch: .*in line 3/)
  await writeFile(path, 'run,loss\na,0.5\n')
  await expect(readRows(path, schema, ['run'])).rejects.toThrow(/damaged-file.*epoch: .*in line 2/)
})

test('a file that ends within a line is damaged: of a number that was cut, a number is left', async () => {
  const path = folder('cut.csv'), schema = z.object({ run: z.string(), loss: figure })
  await writeFile(path, 'run,loss\na,0.25\nb,0.125\n'.slice(0, -3))
  await expect(readRows(path, schema, ['run'])).rejects.toThrow(/damaged-file.*cut\.csv.*an end within the last line/)
})

test('names that a spreadsheet would take for formulas are written with an apostrophe, and read as they were', async () => {
  const names = ['=1+1', '+a', '-b', '@c', '\tx', "'=d", "'e", '-3', 'f', ' =g', '＝h'], path = folder('formulas.csv')
  await writeRows(path, names.map((run, loss) => ({ run, loss: -loss })))
  expect((await readFile(path, 'utf8')).split('\r\n').slice(1, 12))
    .toEqual(["'=1+1,0", "'+a,-1", "'-b,-2", "'@c,-3", "'\tx,-4", "''=d,-5", "'e,-6", '-3,-7', 'f,-8', "' =g,-9", "'＝h,-10"])
  const rows = await readRows(path, z.object({ run: z.string(), loss: figure }), ['run'])
  expect(rows.map(({ run }) => run)).toEqual(names)
})
