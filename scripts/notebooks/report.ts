/** Collects figures and tables from the executed notebooks under results/, and writes results/index.html. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeFileAtomic } from '../../src/lib/system/files'
import { readJson } from '../../src/lib/system/json'
import { replaceAlone, replaceFolder } from '../../src/lib/system/replace'
import { readReproductions } from '../../src/lib/experiments/plans/papers/all'
import { svgToPng } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import { auditFolder } from '../../src/lib/report/audit-files'
import { collect, executedNotebook, notebookNumber, type Collected } from '../../src/lib/report/collect'
import { indexPage } from '../../src/lib/report/index-page'
import type { CollectedRun } from '../../src/lib/report/index-page'
import { runRecord } from '../../src/lib/report/run-record'
import { toCsv } from '../../src/lib/display/tables'

/** Bytes of the largest notebook that is read: notebooks with many figures are large. */
const notebookLimit = 512 * 1024 ** 2

async function main(results: string): Promise<void> {
  const folders = readdirSync(results).map(name => join(results, name)).filter(path => existsSync(join(path, 'run.json')))
  const runs: CollectedRun[] = []
  for (const folder of folders) {
    const run = await collectRun(folder)
    await writeShown(folder, [...run.shown.values()])
    runs.push(run)
  }
  // The section links the recorded table, which lies beside the page in the project's own results only.
  const reproductions = existsSync(join(results, 'tables', 'papers.csv')) ? await readReproductions() : []
  await writeFileAtomic(join(results, 'index.html'), indexPage(runs, reproductions))
}

async function collectRun(folder: string): Promise<CollectedRun> {
  const record = await readJson(join(folder, 'run.json'), runRecord)
  const shown = new Map<string, Collected>()
  for (const { name } of record.notebooks) {
    const path = join(folder, 'notebooks', `${name}.ipynb`)
    if (!existsSync(path)) continue
    shown.set(name, collect(await readJson(path, executedNotebook, notebookLimit), notebookNumber(name)))
  }
  const hasAudit = existsSync(join(folder, auditFolder, 'index.html'))
  return { record, shown, ...(hasAudit ? { audit: `${encodeURIComponent(basename(folder))}/${auditFolder}/index.html` } : {}) }
}

/** Writes figures as SVG and PNG, and tables as CSV. Those of an earlier run are removed. */
async function writeShown(folder: string, shown: readonly Collected[]): Promise<void> {
  await refill(join(folder, 'figures'), shown.flatMap(one => one.figures).flatMap(({ name, svg }) => [
    [`${name}.svg`, svg], [`${name}.png`, svgToPng(svg)],
  ]))
  await refill(join(folder, 'tables'), shown.flatMap(one => one.tables).map(({ table }) => [`${table.name}.csv`, toCsv(table)]))
}

function refill(folder: string, files: [string, string | Promise<Uint8Array>][]): Promise<void> {
  return replaceAlone(folder, `writing ${folder}`, () => replaceFolder(folder, async filling => {
    for (const [name, content] of files) await writeFileAtomic(join(filling, name), await content)
  }))
}

main(process.argv[2] ?? inProject('results')).catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
})
