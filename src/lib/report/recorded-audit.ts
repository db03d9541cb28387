/** The recorded figures of audits, in results/tables/audit.csv. */
import { z } from 'zod'
import type { Audit } from '../audit/audit'
import { questions } from '../audit/finding'
import { measures, type AuditNumber } from '../audit/number'
import { figure, readRows, resultsFile, writeRows } from '../experiments/results-file'
import { LabError } from '../system/errors'

const schema = z.object({
  data: z.string(), seed: z.number(), question: z.enum(questions), what: z.string(), measure: z.enum(measures),
  value: figure, low: figure, high: figure, images: z.number(),
}) satisfies z.ZodType<RecordedNumber>

/** A recorded figure, with the set that it is of. */
export type RecordedNumber = AuditNumber & { data: string; seed: number }

const words = ['data', 'question', 'what', 'measure'] as const
const columns = ['data', 'seed', 'question', 'what', 'measure', 'value', 'low', 'high', 'images']

/** The path of the recorded figures. */
export function auditFile(): string {
  return resultsFile('audit')
}

/** All recorded figures, none where there is no file. @throws LabError 'damaged-file' */
export function readRecordedAudits(path = auditFile()): Promise<RecordedNumber[]> {
  return readRows(path, schema, words)
}

/**
 * Records the figures of a set's audit in the place of those of its earlier one.
 * @throws LabError 'bad-argument' for an audit that was stopped, or where the set or the other set is a phantom or has
 *   planted faults; 'damaged-file'; 'write-failed'
 */
export async function recordAudit({ set, external, seed, numbers, stopped }: Audit, path = auditFile()): Promise<void> {
  const drawn = [set, external].find(one => one !== null && one.evidence !== 'real')
  if (stopped || drawn)
    throw new LabError('bad-argument', {
      expected: 'a whole audit of real images',
      received: stopped ? 'an audit that was stopped' : `${drawn!.name}, which is drawn or has planted faults`,
      remedy: stopped ? 'Run the audit to its end' : 'Leave out --record',
    })
  const others = (await readRecordedAudits(path)).filter(({ data }) => data !== set.name)
  await writeRows(path, [...others, ...numbers.map(number => ({ data: set.name, seed, ...number }))], columns)
}
