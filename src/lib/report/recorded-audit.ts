/** Recorded audits in results/tables: figures and findings as tables, a picture of each set's classifiers. */
import { z } from 'zod'
import type { Audit } from '../audit/audit'
import { questions, type Finding } from '../audit/finding'
import { measures, type AuditNumber } from '../audit/number'
import { folderName } from '../data/data-folder'
import { auditScores } from '../display/figures/audit-scores'
import { count, figure, readRecorded, recordAlone, resultsFile, writeRows } from '../experiments/results-file'
import { LabError } from '../system/errors'
import { writeFileAtomic } from '../system/files'

const schema = z.object({
  data: z.string().min(1), seed: count, question: z.enum(questions), what: z.string().min(1), measure: z.enum(measures),
  value: figure, low: figure, high: figure, images: count,
}) satisfies z.ZodType<RecordedNumber>

/** A recorded figure, with the set that it is of. */
export type RecordedNumber = AuditNumber & { data: string; seed: number }

const findingSchema = z.object({
  data: z.string().min(1), question: z.enum(questions), verdict: z.enum(['fault', 'clear', 'unknown']),
  sentence: z.string().min(1),
})

/** A recorded finding, with the set that it is of. */
export type RecordedFinding = Pick<Finding, 'question' | 'verdict' | 'sentence'> & { data: string }

const findingColumns = ['data', 'question', 'verdict', 'sentence'] as const
const words = ['data', 'question', 'what', 'measure'] as const
const columns = ['data', 'seed', 'question', 'what', 'measure', 'value', 'low', 'high', 'images']

/** The path of the recorded figures. */
export function auditFile(): string {
  return resultsFile('audit')
}

/** All recorded figures, none where there is no file. @throws LabError 'damaged-file' */
export function readRecordedAudits(path = auditFile()): Promise<RecordedNumber[]> {
  return readRecorded(path, schema, words, ({ data, question, what, measure }) =>
    [data, question, what, measure].join(', '))
}

/** All recorded findings, none where there is no file. @throws LabError 'damaged-file' */
export function readRecordedFindings(path = beside(auditFile(), '-findings.csv')): Promise<RecordedFinding[]> {
  return readRecorded(path, findingSchema, findingColumns, ({ data, question, sentence }) =>
    [data, question, sentence].join(', '))
}

/**
 * Records a set's audit in the place of its earlier one: the figures, the findings, and a picture of what tells the
 * class, without images.
 * @param path of the figures; the other files are beside it
 * @throws LabError 'bad-argument' for an audit that was stopped, or where the set or the other set is a phantom or has
 *   planted faults; 'damaged-file'; 'write-failed'
 */
export async function recordAudit(audit: Audit, path = auditFile()): Promise<void> {
  const { set, external, seed, numbers, findings, arms, stopped } = audit
  const drawn = [set, external].find(one => one !== null && one.evidence !== 'real')
  if (stopped || drawn)
    throw new LabError('bad-argument', {
      expected: 'a whole audit of real images',
      received: stopped ? 'an audit that was stopped' : `${drawn!.name}, which is drawn or has planted faults`,
      remedy: stopped ? 'Run the audit to its end' : 'Leave out --record',
    })
  const { name: data } = set, findingsPath = beside(path, '-findings.csv')
  const ofOthers = <Row extends { data: string }>(rows: readonly Row[]) => rows.filter(row => row.data !== data)
  const found = findings.map(({ question, verdict, sentence }) => ({ data, question, verdict, sentence }))
  await recordAlone(path, async () => {
    const figures = [...ofOthers(await readRecordedAudits(path)), ...numbers.map(number => ({ data, seed, ...number }))]
    await writeRows(findingsPath, [...ofOthers(await readRecordedFindings(findingsPath)), ...found], findingColumns)
    await writeRows(path, figures, columns)
  })
  if (!arms?.arms.length) return
  const { svg } = auditScores(arms, { name: 'audit-scores', title: `What tells the class: ${set.title}` })
  await writeFileAtomic(beside(path, `-${folderName(data)}.svg`), svg)
}

/** A file beside the table of figures, such as 'audit-findings.csv'. */
function beside(path: string, ending: string): string {
  return path.replace(/\.csv$/, '') + ending
}
