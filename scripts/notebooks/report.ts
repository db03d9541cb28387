/** Collects figures and tables from the executed notebooks under results/, and writes results/index.html. */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../src/lib/system/files'
import { replace, workFolder } from '../../src/lib/system/replace'
import { svgToPng } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import { collect } from '../../src/lib/report/collect'
import type { Collected } from '../../src/lib/report/collect'
import { indexPage } from '../../src/lib/report/index-page'
import type { CollectedRun } from '../../src/lib/report/index-page'
import type { RunRecord } from '../../src/lib/report/run-record'
import { toCsv } from '../../src/lib/display/tables'

async function main(results: string): Promise<void> {
  const folders = readdirSync(results).map(name => join(results, name)).filter(path => existsSync(join(path, 'run.json')))
  const runs: CollectedRun[] = []
  for (const folder of folders) {
    const run = await collectRun(folder)
    await writeShown(folder, [...run.shown.values()])
    runs.push(run)
  }
  await writeFileAtomic(join(results, 'index.html'), indexPage(runs))
}

async function collectRun(folder: string): Promise<CollectedRun> {
  const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as RunRecord
  const shown = new Map<string, Collected>()
  for (const { name } of record.notebooks) {
    const path = join(folder, 'notebooks', `${name}.ipynb`)
    if (existsSync(path)) shown.set(name, collect(JSON.parse(await readFile(path, 'utf8')), name.split('-')[0]))
  }
  return { record, shown }
}

/** Figures as SVG and PNG, tables as CSV; what an earlier run left goes. */
async function writeShown(folder: string, shown: readonly Collected[]): Promise<void> {
  await refill(join(folder, 'figures'), shown.flatMap(one => one.figures).flatMap(({ name, svg }) => [
    [`${name}.svg`, svg], [`${name}.png`, svgToPng(svg)],
  ]))
  await refill(join(folder, 'tables'), shown.flatMap(one => one.tables).map(({ table }) => [`${table.name}.csv`, toCsv(table)]))
}

async function refill(folder: string, files: [string, string | Promise<Uint8Array>][]): Promise<void> {
  const filling = await workFolder(folder)
  for (const [name, content] of files) await writeFileAtomic(join(filling, name), await content)
  await replace(filling, folder)
}

main(process.argv[2] ?? inProject('results')).catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
})
