/** Rows as a data frame of danfo.js, which is loaded on first use because it loads TensorFlow.js. */
import type { DataFrame } from 'danfojs-node'
import { tensorFlowJs } from '../engine/engine'
import type { Table } from './tables'

/**
 * Rows as a danfo.js data frame: `describe()`, `groupby`, `head`, …
 * @throws LabError 'engine-missing' where LAB_ENGINE asks for a native engine that is not installed
 * @example (await look.dataFrame(facts)).groupby(['class']).col(['mean']).mean().print()
 */
export async function dataFrame(rows: readonly object[] | Table): Promise<DataFrame> {
  const list = 'rows' in rows ? rows.rows : rows
  // danfo.js loads TensorFlow.js, too. `tensorFlowJs` must load it first: it makes old parts of TensorFlow.js run on
  // new Node, and its error says what is missing. Without a native engine, native/one-binding serves WebAssembly.
  tensorFlowJs()
  const danfo = await import('danfojs-node')
  return new danfo.DataFrame(list.map(row => ({ ...row })))
}
