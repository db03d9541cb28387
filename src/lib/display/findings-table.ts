/** The findings of an audit, in a table. */
import type { Audit } from '../audit/audit'
import type { Finding } from '../audit/finding'
import { dataTable, type Table } from './tables'

/** Each verdict in the words of a reader. */
export const verdictWords: Readonly<Record<Finding['verdict'], string>> = {
  fault: 'fault', unknown: 'unknown', clear: 'no fault seen',
}

/**
 * Every finding of an audit, the heaviest first: what was asked, the answer, and the figures behind it; beneath, the
 * verdict of the whole.
 * @example show(tables.findings(await auditDataset(ct, { questions: ['images'] })))
 */
export function findings({ set, findings: found, verdict }: Audit): Table {
  const rows = found.map(({ question, verdict: answer, sentence }) =>
    ({ question, answer: verdictWords[answer], finding: sentence }))
  return dataTable('findings', `Audit of ${set.title}`, rows, ['question', 'answer', 'finding'], verdict)
}
