/** All runs as a table. */
import { formatEstimate } from '../display/format'
import { dataTable, type Table } from '../display/tables'
import { LabError } from '../system/errors'
import { isFinished, isUnderWay, readEnvironment, readMetrics, runFolder, runNames } from './run-folder'

/** A row a run, in the order in which the runs began. */
export async function listRuns(): Promise<Table> {
  const rows = await Promise.all(runNames().map(rowOf))
  return dataTable('runs', `${rows.length} runs`, rows.sort((a, b) => (a.begun < b.begun ? -1 : 1)), rows.length ? [
    'run', 'state', 'part', 'accuracy', { key: 'auc', title: 'AUC' }, { key: 'seconds', title: 'time', format: 'seconds' },
    'begun',
  ] : [])
}

async function rowOf(run: string) {
  const folder = runFolder(run)
  const state = isFinished(folder) ? 'finished' : isUnderWay(folder) ? 'running' : 'paused'
  const empty = { run, state, part: '', accuracy: '', auc: '', seconds: null, begun: '' }
  try {
    const environment = await readEnvironment(folder)
    const begun = environment?.started.slice(0, 16).replace('T', ' ') ?? ''
    if (state !== 'finished') return { ...empty, seconds: environment?.seconds ?? null, begun }
    const { part, accuracy, auc, seconds } = await readMetrics(folder)
    return { run, state, part, accuracy: formatEstimate(accuracy), auc: formatEstimate(auc, 'decimal'), seconds, begun }
  } catch (fault) {
    // A damaged folder must not hide all other runs.
    if (fault instanceof LabError) return { ...empty, state: 'damaged' }
    throw fault
  }
}
