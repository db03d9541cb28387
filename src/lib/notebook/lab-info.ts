/** A notebook's first output: what it runs on. */
import { openDataset } from '../data/registry'
import { describeEngine, engineName } from '../engine/engine'
import { LabError } from '../system/errors'
import { profile } from '../system/profile'
import { unknownVariables } from '../system/variables.mjs'
import { dataTable, type Table } from '../display/tables'
import { show } from './show'

/**
 * Shows engine, threads, data set and profile, and that this is no medical device. Every notebook starts with it.
 * @example await describeLab()
 */
export async function describeLab(): Promise<void> {
  show(await labInfoTable())
}

/** The same as a table. A missing engine becomes a row, not an error: much works without an engine. */
export async function labInfoTable(): Promise<Table> {
  const dataset = await openDataset()
  const rows = [
    ...engineRows(),
    { what: 'data set', value: `${dataset.title}: ${dataset.items.length} images` },
    { what: 'evidence', value: dataset.evidence === 'real' ? 'real images' : 'phantom: never evidence about disease' },
    { what: 'profile', value: profile() },
    ...unknownVariables().map(value => ({ what: 'variable', value })),
  ]
  const note = `${dataset.notice} Not a medical device.`
  return dataTable('laboratory', 'This run', rows, [{ key: 'what', title: '' }, { key: 'value', title: '' }], note)
}

function engineRows(): { what: string; value: string }[] {
  try {
    const engine = describeEngine()
    return [
      { what: 'engine', value: `${engineName(engine)}, through TensorFlow.js ${engine.tensorflowJs}` },
      ...(engine.nativeMissing ? [{ what: 'slow', value: slowBecause(engine.nativeMissing) }] : []),
      ...(engine.cardMissing ? [{ what: 'graphics card', value: `none: ${engine.cardMissing}` }] : []),
      { what: 'threads', value: String(engine.threads) },
      { what: 'Node.js', value: engine.node },
    ]
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return [{ what: 'engine', value: `none: ${error.message}` }]
  }
}

function slowBecause(nativeMissing: string): string {
  return `Training takes several times as long as with the native engine, which does not run here: ${nativeMissing}`
}
