/**
 * Prints, as JSON, the data set and the engine that a notebook started now would use. With `--sets` (the doctor) all
 * sets in place of the one, with `--engine` (the benchmark) the engine only.
 */
import { dataSources, openDataset } from '../src/lib/datasets/registry'
import { describeEngine, type EngineDescription } from '../src/lib/engine'
import type { DataDescription } from '../src/lib/report/run-record'

async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify({ ...await images(process.argv[2]), ...engine() })}\n`)
}

async function images(option?: string): Promise<object> {
  if (option === '--engine') return {}
  return option === '--sets' ? { sets: await states() } : { data: await data() }
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

async function states(): Promise<{ name: string; title: string; ready: boolean; detail: string }[]> {
  return Promise.all(dataSources.map(async ({ name, title, state }) => ({ name, title, ...(await state()) })))
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
})
