/** An audit's page and tables on disk, in the folder of its data set's results. */
import { join } from 'node:path'
import type { Audit } from '../audit/audit'
import { withoutEmptyClasses } from '../audit/audited-set'
import type { Dataset } from '../data/dataset'
import { resultPath } from '../data/result-path'
import { findings } from '../display/findings-table'
import { toCsv } from '../display/tables'
import { writeFileAtomic } from '../system/files'
import { replaceAlone, replaceFolder } from '../system/replace'
import { auditPage, type AuditConditions } from './audit-page'
import { auditSections } from './audit-sections'

/** The name of the folder in a set's results. */
export const auditFolder = 'audit'

/**
 * Writes the page and the tables of an audit: `results/NAME/audit/index.html`, and `tables/*.csv` beside it. Those of
 * an earlier audit are replaced as a whole; if that fails, they are kept.
 * @returns the page's path
 * @throws LabError 'write-failed'; 'bad-image' for an image that cannot be read
 */
export async function writeAudit(dataset: Dataset, audit: Audit, conditions: AuditConditions): Promise<string> {
  const folder = resultPath(dataset, auditFolder)
  const sections = await auditSections(withoutEmptyClasses(dataset), audit)
  const behind = sections.flatMap(({ tables, numbers }) => (numbers ? [...tables, numbers] : tables))
  await replaceAlone(folder, `writing the audit ${folder}`, () => replaceFolder(folder, async filling => {
    await writeFileAtomic(join(filling, 'index.html'), auditPage(audit, sections, conditions))
    for (const table of [findings(audit), ...behind])
      await writeFileAtomic(join(filling, 'tables', `${table.name}.csv`), toCsv(table))
  }))
  return join(folder, 'index.html')
}
