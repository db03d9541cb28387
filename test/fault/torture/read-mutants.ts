/**
 * Reads damaged files, one after the other, and prints a line of JSON before and after each:
 * `node --import tsx test/fault/torture/read-mutants.ts FOLDER TASK…`, each task as JSON. A process of its own: a file
 * may end it.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../src/lib/system/errors'
import { mutated } from '../../fixtures/mutate'
import { damage, makeSamples, type Sample } from './samples'

/** So many damaged files of a kind. */
export interface Task {
  kind: string
  first: number
  count: number
}

/** What became of one file. */
export interface Outcome {
  kind: string
  index: number
  /** 'begun': not read yet; 'refused' with a typed error; 'read' as if it were whole; 'fault': any other error. */
  outcome: 'begun' | 'refused' | 'read' | 'fault'
  message?: string
  /** Processor time in seconds, and by how much memory rose above all before, in MiB. */
  seconds?: number
  memory?: number
}

const tell = (line: Outcome) => console.log(JSON.stringify(line))

async function readAll([folder, ...tasks]: readonly string[]): Promise<void> {
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  const samples = await makeSamples(join(folder, 'whole'))
  for (const { kind, first, count } of tasks.map(task => JSON.parse(task) as Task)) {
    const sample = samples.find(one => one.kind === kind)!
    // Once as it is: what is loaded at first use is no file's cost.
    await sample.read(damage(sample, join(folder, 'as it is', kind), bytes => bytes))
    for (let index = first; index < first + count; index++) await readOne(sample, index, join(folder, 'damaged'))
  }
}

async function readOne(sample: Sample, index: number, folder: string): Promise<void> {
  const { kind } = sample
  tell({ kind, index, outcome: 'begun' })
  const copy = damage(sample, folder, bytes => mutated(bytes, kind, index))
  const memory = process.resourceUsage().maxRSS, processor = process.cpuUsage()
  const cost = () => {
    const { user, system } = process.cpuUsage(processor)
    return { seconds: (user + system) / 1e6, memory: (process.resourceUsage().maxRSS - memory) / 1024 }
  }
  try {
    await sample.read(copy)
    tell({ kind, index, outcome: 'read', ...cost() })
  } catch (error) {
    const { message } = error as Error
    tell({ kind, index, outcome: error instanceof LabError ? 'refused' : 'fault', message, ...cost() })
  }
  rmSync(copy, { recursive: true })
}

void readAll(process.argv.slice(2))
