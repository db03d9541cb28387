/**
 * Prints, as JSON, the data set and the engine that a notebook started now would use. With `--engine` (the benchmark)
 * the engine only; with `--doctor` all sets in place of the one, and what the native engine can do.
 */
import { dataSources, openDataset } from '../../src/lib/data/registry'
import { describeEngine, engineInUse, type EngineDescription } from '../../src/lib/engine/engine'
import { capabilities, type Capabilities } from '../../src/lib/engine/native/binding'
import type { DataDescription } from '../../src/lib/report/run-record'

async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify({ ...await asked(process.argv[2]), ...engine() })}\n`)
}

async function asked(option?: string): Promise<object> {
  if (option === '--engine') return {}
  return option === '--doctor' ? { sets: await states(), traits: nativeTraits() } : { data: await data() }
}

async function data(): Promise<DataDescription> {
  const { name, title, evidence, notice, licence, source, labels, items } = await openDataset()
  const folder = name.replace(/[^\w.-]+/g, '-')
  const open = process.env.LAB_DATA || name
  return { name, open, folder, title, evidence, notice, licence, source, labels: [...labels], images: items.length }
}

function engine(): { engine: EngineDescription | null; engineMissing: string | null } {
  try {
    return { engine: describeEngine(), engineMissing: null }
  } catch (fault) {
    return { engine: null, engineMissing: (fault as Error).message }
  }
}

/** Null where another engine runs, or none. */
function nativeTraits(): Capabilities | null {
  try {
    return engineInUse() === 'native' ? capabilities() : null
  } catch {
    return null
  }
}

async function states(): Promise<{ name: string; title: string; ready: boolean; detail: string }[]> {
  return Promise.all(dataSources.map(async ({ name, title, state }) => ({ name, title, ...(await state()) })))
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
})
