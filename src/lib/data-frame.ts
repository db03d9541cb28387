/** danfo.js for students who want a data frame. Loaded on first use: it brings TensorFlow.js with it. */
import type { DataFrame } from 'danfojs-node'
import { LabError } from './errors'
import type { Table } from './tables'

/**
 * Rows as a danfo.js data frame: `describe()`, `groupby`, `head`, …
 * @throws LabError 'engine-missing' where TensorFlow's binding is not built
 * @example (await dataFrame(rows)).groupby(['class']).col(['mean']).mean().print()
 */
export async function dataFrame(rows: readonly object[] | Table): Promise<DataFrame> {
  const list = 'rows' in rows ? rows.rows : rows
  const danfo = await import('danfojs-node').catch((error: Error) => {
    throw new LabError('engine-missing', {
      expected: 'danfo.js to load', received: error.message.split('\n')[0], remedy: 'Run npm run doctor',
    })
  })
  return new danfo.DataFrame(list.map(row => ({ ...row })))
}
