/** danfo.js for students who want a data frame. Loaded on first use: it brings TensorFlow.js with it. */
import type { DataFrame } from 'danfojs-node'
import { tensorFlowJs } from '../engine/engine'
import type { Table } from './tables'

/**
 * Rows as a danfo.js data frame: `describe()`, `groupby`, `head`, …
 * @throws LabError 'engine-missing' where LAB_ENGINE asks for a native engine that is not there
 * @example (await dataFrame(rows)).groupby(['class']).col(['mean']).mean().print()
 */
export async function dataFrame(rows: readonly object[] | Table): Promise<DataFrame> {
  const list = 'rows' in rows ? rows.rows : rows
  // The engine's door first: it makes old parts of TensorFlow.js run on new Node, and says what is missing. danfo.js
  // loads the same TensorFlow.js; where only WebAssembly runs, the package in native/one-binding gives it one.
  tensorFlowJs()
  const danfo = await import('danfojs-node')
  return new danfo.DataFrame(list.map(row => ({ ...row })))
}
