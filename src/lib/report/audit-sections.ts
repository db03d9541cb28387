/** What lies behind an audit's findings, as sections of its page. */
import type { Audit } from '../audit/audit'
import type { Dataset } from '../data/dataset'
import type { AuditSection } from './audit-page'

/** The sections, in the order of the page; those that the audit did not ask for are left out. */
export async function auditSections(_dataset: Dataset, _audit: Audit): Promise<AuditSection[]> {
  return []
}
