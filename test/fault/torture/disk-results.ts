/** Results on a failing disk: recorded rows, folders of runs, downloads. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  readTransferRows, recordTransferRow, type TransferRow,
} from '../../../src/lib/experiments/plans/pretraining/recorded'
import {
  readResults, recordStrategyResult, type StrategyFiles,
} from '../../../src/lib/experiments/plans/four-strategies/recorded'
import type { StrategyResult } from '../../../src/lib/experiments/plans/four-strategies/strategy-run'
import { readPaperResults, recordPaperResult } from '../../../src/lib/experiments/plans/papers/recorded'
import { readReferenceRows, recordReferenceRow } from '../../../src/lib/experiments/plans/reference-notebook/recorded'
import { ExperimentSession, runExperiment } from '../../../src/lib/experiments/run-experiment'
import { completeExperiment } from '../../../src/lib/experiments/config'
import type { FinishedRun } from '../../../src/lib/experiments/run-folder'
import { download } from '../../../src/lib/system/download'
import { readFileCapped } from '../../../src/lib/system/files'
import { sha256 } from '../../../src/lib/system/hash'
import { tinyBaseline } from '../../fixtures/experiments'
import type { DiskWork } from './disk-work'

const transfer: TransferRow = {
  task: 'plain', classes: 4, images: 8, steps: 10, bits: 16, width: 'half', minutes: 1, heldOutAccuracy: 0.5,
  split: 'random', validationAccuracy: 0.75, validationLoss: 0.5, seed: 0,
}
const reference = {
  start: 'random', width: 'half', epochs: 3, accuracy: 0.5, loss: 0.7, highestAccuracy: 0.6, lowestLoss: 0.6, auc: 0.5,
  minutes: 1, engine: 'none', threads: 2, seed: 0, nearestNeighbour: 0.7,
}
const strategy = (seed: number): StrategyResult => {
  const row = {
    strategy: 'scratch', weights: 'none', width: 'half', depth: 'all', split: 'random', fold: null, seed, accuracy: 0.5,
    loss: 0.7, auc: 0.5, seconds: 1, trainedParameters: 10,
  } as const
  const run = `scratch-none-half-all-random-seed${seed}`
  return { row, groups: ['a', 'b'].map((group, label) => ({ run, group, label, images: 4, correct: 2 })) }
}
const filesIn = (folder: string): StrategyFiles => ({ rows: join(folder, 'rows.csv'), groups: join(folder, 'groups.csv') })
const paper = (seed: number) => {
  const { row, groups } = strategy(seed)
  return { row: { ...row, data: 'phantom', recipe: null, list: null }, groups: groups.map(group => ({ ...group, run: `phantom-${group.run}` })) }
}

/** Three rows lie there; the work adds a fourth. */
function recorded(kind: string, record: (seed: number, folder: string) => Promise<void>, read: DiskWork['read']): DiskWork {
  return {
    kind: `recorded rows, ${kind}`, read,
    prepare: async folder => { for (const seed of [0, 1, 2]) await record(seed, folder) },
    carryOut: async folder => String(await record(3, folder)),
  }
}

/** A run's folder, and whatever began a run before. */
const experiment: DiskWork = {
  kind: 'a run’s folder', prepare: async () => {},
  carryOut: async folder => runIn(folder),
  async read(folder) {
    process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
    const finished = await new ExperimentSession().finished(completeExperiment(tinyBaseline))
    return finished ? resultOf(finished) : 'no finished run'
  },
}

async function runIn(folder: string): Promise<string> {
  process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
  return resultOf((await runExperiment(tinyBaseline))!)
}

function resultOf({ evaluation: { predictions }, metrics: { accuracy } }: FinishedRun): string {
  return `${accuracy} ${sha256(new Uint8Array(predictions.probabilities.slice().buffer))}`
}

const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251))
const server = createServer((request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from > 0) response.setHeader('content-range', `bytes ${from}-${body.length - 1}/${body.length}`)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length - from, connection: 'close' }).end(body.subarray(from))
})
const listening = new Promise<string>(done => server.listen(0, '127.0.0.1', () => {
  server.unref()
  done(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`)
}))

export const resultWorks: readonly DiskWork[] = [
  recorded('pre-training', (seed, folder) => recordTransferRow({ ...transfer, seed }, join(folder, 'rows.csv')),
    async folder => JSON.stringify(await readTransferRows(join(folder, 'rows.csv')))),
  recorded('reference notebook', (seed, folder) => recordReferenceRow({ ...reference, seed }, join(folder, 'rows.csv')),
    async folder => JSON.stringify(await readReferenceRows(join(folder, 'rows.csv')))),
  recorded('four strategies', (seed, folder) => recordStrategyResult(strategy(seed), filesIn(folder)),
    async folder => JSON.stringify(await readResults(filesIn(folder)))),
  recorded('papers', (seed, folder) => recordPaperResult(paper(seed), filesIn(folder)), async folder =>
    JSON.stringify(await readPaperResults({
      ...filesIn(folder), reference: join(folder, 'none.csv'), strategies: filesIn(join(folder, 'none')),
    }))),
  experiment,
  {
    kind: 'a download', prepare: async () => {},
    async carryOut(folder) {
      const path = join(folder, 'file')
      await download(await listening, path, { limit: 2 ** 24, tries: 2, wait: 1, check: checkWhole })
      return sha256(await readFileCapped(path, 2 ** 24))
    },
    read: folder => readFileCapped(join(folder, 'file'), 2 ** 24).then(sha256, () => 'none'),
  },
]

async function checkWhole(path: string): Promise<void> {
  if (sha256(await readFileCapped(path, 2 ** 24)) !== sha256(body)) throw new Error('another file arrived')
}
