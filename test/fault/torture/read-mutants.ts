/**
 * Reads damaged files of one kind, one after the other, and prints a line of JSON before and after each:
 * `node --import tsx test/fault/torture/read-mutants.ts FOLDER KIND FIRST COUNT`. A process of its own, which a file
 * may end.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../src/lib/system/errors'
import { mutated } from '../../fixtures/mutate'
import { damage, makeSamples } from './samples'

/** What became of one file. */
export interface Outcome {
  index: number
  /** 'begun': not read yet; 'refused' with a typed error; 'read' as if it were whole; 'fault': any other error. */
  outcome: 'begun' | 'refused' | 'read' | 'fault'
  message?: string
  /** Processor time in seconds, and by how much memory rose above all before, in MiB. */
  seconds?: number
  memory?: number
}

const tell = (line: Outcome) => console.log(JSON.stringify(line))

async function readAll([folder, kind, first, count]: readonly string[]): Promise<void> {
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  const samples = await makeSamples(join(folder, 'whole'))
  const sample = samples.find(one => one.kind === kind)!
  // Once as it is: what is loaded at first use is no file's cost.
  await sample.read(damage(sample, join(folder, 'as it is'), bytes => bytes))
  for (let index = Number(first); index < Number(first) + Number(count); index++) {
    tell({ index, outcome: 'begun' })
    const copy = damage(sample, join(folder, String(index)), bytes => mutated(bytes, kind, index))
    const memory = process.resourceUsage().maxRSS, processor = process.cpuUsage()
    const cost = () => {
      const { user, system } = process.cpuUsage(processor)
      return { seconds: (user + system) / 1e6, memory: (process.resourceUsage().maxRSS - memory) / 1024 }
    }
    try {
      await sample.read(copy)
      tell({ index, outcome: 'read', ...cost() })
    } catch (error) {
      const { message } = error as Error
      tell({ index, outcome: error instanceof LabError ? 'refused' : 'fault', message, ...cost() })
    }
    rmSync(copy, { recursive: true })
  }
}

void readAll(process.argv.slice(2))
