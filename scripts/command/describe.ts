/**
 * Prints, as JSON, the data set and the engine that a notebook would use now. `--engine`, for the benchmark: the engine
 * only. `--doctor`: the engine, all data sets, the one that LAB_DATA names, and the capabilities of the native engine.
 * Where a user can mend what is wrong, it prints the parts of the error, and its exit status is 1.
 */
import { folderName } from '../../src/lib/data/data-folder'
import { findDataset, listSources, openDataset } from '../../src/lib/data/registry'
import { describeEngine, engineInUse, type EngineDescription } from '../../src/lib/engine/engine'
import { capabilities, type Capabilities } from '../../src/lib/engine/native/binding'
import type { DataDescription } from '../../src/lib/report/run-record'
import { LabError } from '../../src/lib/system/errors'

async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify({ ...await requested(process.argv[2]), ...engine() })}\n`)
}

async function requested(option?: string): Promise<object> {
  if (option === '--engine') return {}
  return option === '--doctor' ? { sets: await states(), named: await named(), capabilities: nativeCapabilities() } : { data: await data() }
}

async function data(): Promise<DataDescription> {
  const { name, title, evidence, notice, licence, source, labels, items } = await openDataset()
  const folder = folderName(name)
  const open = process.env.LAB_DATA || name
  return { name, open, folder, title, evidence, notice, licence, source, labels: [...labels], images: items.length }
}

function engine(): { engine: EngineDescription | null; engineMissing: string | null } {
  try {
    return { engine: describeEngine(), engineMissing: null }
  } catch (error) {
    // Every notebook would fail with the same error.
    if (process.argv[2] === undefined && process.env.LAB_ENGINE === 'gpu') throw error
    return { engine: null, engineMissing: (error as Error).message }
  }
}

/** What LAB_DATA names; null where it is not set. */
async function named(): Promise<{ good: boolean; detail: string; mend?: string } | null> {
  const name = process.env.LAB_DATA
  if (!name) return null
  try {
    const { ready, detail } = await findDataset(name)
    return ready ? { good: true, detail: `${name}: ${detail}` } : { good: false, detail, mend: `npm run data -- ${name}` }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { good: false, detail: `expected ${error.expected}, received ${error.received}`, mend: error.remedy }
  }
}

/** Null if another engine runs, or none. */
function nativeCapabilities(): Capabilities | null {
  try {
    return engineInUse() === 'native' ? capabilities() : null
  } catch {
    return null
  }
}

async function states(): Promise<{ name: string; title: string; ready: boolean; detail: string }[]> {
  return Promise.all((await listSources()).map(async ({ name, title, state }) => ({ name, title, ...(await state()) })))
}

main().catch((error: unknown) => {
  if (error instanceof LabError) {
    const { code, expected, received, remedy } = error
    process.stdout.write(JSON.stringify({ code, expected, received, remedy }))
  } else console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
