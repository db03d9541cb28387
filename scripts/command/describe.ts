/**
 * Prints, as JSON, the data set and the engine that a notebook would use now. `--engine`, for the benchmark: the engine
 * only. `--doctor`: the engine, all data sets, and the capabilities of the native engine.
 */
import { folderName } from '../../src/lib/data/data-folder'
import { listSources, openDataset } from '../../src/lib/data/registry'
import { describeEngine, engineInUse, type EngineDescription } from '../../src/lib/engine/engine'
import { capabilities, type Capabilities } from '../../src/lib/engine/native/binding'
import type { DataDescription } from '../../src/lib/report/run-record'

async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify({ ...await requested(process.argv[2]), ...engine() })}\n`)
}

async function requested(option?: string): Promise<object> {
  if (option === '--engine') return {}
  return option === '--doctor' ? { sets: await states(), capabilities: nativeCapabilities() } : { data: await data() }
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
    return { engine: null, engineMissing: (error as Error).message }
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
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
