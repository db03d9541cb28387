/** Rows as a data frame of danfo.js, which is loaded on first use because it loads TensorFlow.js. */
import type { DataFrame } from 'danfojs-node'
import { LabError } from '../system/errors'
import { tensorFlowJs } from '../engine/engine'
import type { Table } from './tables'

/**
 * Rows as a danfo.js data frame: `describe()`, `groupby`, `head`, …
 * @throws LabError 'bad-argument' for no rows: danfo.js knows columns from rows only
 * @throws LabError 'engine-missing' where LAB_ENGINE asks for a native engine that is not installed
 * @example (await look.dataFrame(facts)).groupby(['class']).col(['mean']).mean().print()
 */
export async function dataFrame(rows: readonly object[] | Table): Promise<DataFrame> {
  const list = 'rows' in rows ? rows.rows : rows
  if (list.length === 0)
    throw new LabError('bad-argument', { expected: 'one row or more', received: 'none', remedy: 'Use show for an empty table' })
  // danfo.js loads TensorFlow.js, too. `tensorFlowJs` must load it first: it makes old parts of TensorFlow.js run on
  // new Node, and its error says what is missing. Without a native engine, native/one-binding serves WebAssembly.
  tensorFlowJs()
  const danfo = await import('danfojs-node')
  return new danfo.DataFrame(list.map(row => ({ ...row })))
}
