/** What an audit of a data set found. */
import { counted, withSummary } from '../system/summary'
import type { AnotherSetScores } from './another-set'
import type { ArmScores } from './arms'
import type { AuditedSet } from './audited-set'
import type { Copies } from './copies'
import type { Finding } from './finding'
import type { ImageIssues } from './image-issues'
import type { LabelIssues } from './label-issues'
import type { AuditNumber } from './number'
import type { Patients } from './patients'

/** What each step of an audit found; null where nobody asked, or where the audit was stopped before. */
export interface AuditParts {
  /** Copies of images, in the set and across its splits. */
  copies: Copies | null
  /** Patients of two classes or parts. */
  patients: Patients | null
  /** Classifiers on several inputs, labels and splits. */
  arms: ArmScores | null
  /** Classifiers of this set on another; null also where no other set was named. */
  another: AnotherSetScores | null
  /** Labels that other images contradict; null also where no classifier could be scored. */
  labels: LabelIssues | null
  /** Images that are unlike the rest. */
  images: ImageIssues | null
}

/** What an audit found: plain data, indices into the set's items. */
export interface Audit extends AuditParts {
  set: AuditedSet
  /** The other set, on which classifiers were tested; null where none was named. */
  external: AuditedSet | null
  seed: number
  /** The heaviest first: faults, then what is unknown, then what is clear. */
  findings: readonly Finding[]
  /** The whole in a few sentences, no stronger than the findings. */
  verdict: string
  /** The figures behind the findings. */
  numbers: readonly AuditNumber[]
  /** Whether the signal ended the audit before its last question. */
  stopped: boolean
}

/** The audit itself, which now prints as a summary. */
export function summarizedAudit(audit: Audit): Audit {
  return withSummary(audit, describe, 'show(x)')
}

function describe({ set, findings, verdict }: Audit): string {
  const count = (answer: Finding['verdict']) => findings.filter(finding => finding.verdict === answer).length
  return `Audit of ${set.title}: ${counted(count('fault'), 'fault')}, ${count('unknown')} unknown, ${count('clear')} clear\n${verdict}`
}
