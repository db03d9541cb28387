/**
 * A process that does the same as others at the same moment. It gets tasks from the process that has forked it, and
 * answers each with what came of it, in words.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { doSteps } from '../../../scripts/set-up/step.mjs'
import { keepDataset } from '../../../src/lib/data/kept/keep'
import { openDataset } from '../../../src/lib/data/registry'
import { readTransferRows, recordTransferRow } from '../../../src/lib/experiments/plans/pretraining/recorded'
import { runExperiment } from '../../../src/lib/experiments/run-experiment'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { download } from '../../../src/lib/system/download'
import { appendToFile, makeFolder, writeFileAtomic } from '../../../src/lib/system/files'
import { sha256 } from '../../../src/lib/system/hash'
import { saveModel } from '../../../src/lib/training/saved/save-model'
import { train } from '../../../src/lib/training/train'
import { exportModel } from '../../../src/lib/weights/export/export'
import { openModel } from '../../../src/lib/weights/saved/open-model'
import { tinyBaseline } from '../../fixtures/experiments'
import { smallModel, smallSplit } from '../../fixtures/small-network'
import { pictures } from './pictures'
import { carryOutPlan, hashOfRuns, rowOf, smallPlan } from './small-plan'
import type { Together, TogetherTask } from './together'

interface Kind {
  /** What each process does. `me`: its number, from 0. */
  work(folder: string, me: number): Promise<void>
  /** What is there afterwards: equal in every round, and no error. */
  find(folder: string): Promise<string>
}

const hashOf = ({ weights }: Model) =>
  sha256(Buffer.concat([...weights.values()].map(values => new Uint8Array(values.slice().buffer))))

/** Which of two models lies at a path, beside nothing that is half-written. */
async function oneOfTwo(folder: string, name: string): Promise<string> {
  const left = readdirSync(folder).filter(file => file !== name)
  const isOne = [1, 2].map(seed => hashOf(smallModel({ seed }))).includes(hashOf(await openModel(join(folder, name))))
  return left.length ? `left behind: ${left.join(', ')}` : isOne ? 'one of the two' : 'neither of the two'
}

const split = smallSplit()
const config = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 } } as const

/** Words of a refusal that names who is doing the same. */
const refusal = /process \d+(, which does| on [^ ]+, which is doing so)/

async function unlessRefused(work: Promise<unknown>): Promise<void> {
  await work.catch((fault: Error) => { if (!refusal.test(fault.message)) throw fault })
}

const kinds: Record<Together, Kind> = {
  'rows of one table': {
    work: async (folder, me) => {
      for (const seed of [me, me + 2]) await recordTransferRow(rowOf('recorded', seed), join(folder, 'rows.csv'))
    },
    find: async folder => (await readTransferRows(join(folder, 'rows.csv'))).map(({ seed }) => seed).sort().join(),
  },
  'two plans': {
    work: folder => carryOutPlan(smallPlan(join(folder, 'rows.csv'), 'baselines'), folder, 1),
    find: folder => hashOfRuns(smallPlan(join(folder, 'rows.csv'), 'baselines'), folder),
  },
  'a notebook and a plan': {
    work: (folder, me) => {
      process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
      return me === 0 ? unlessRefused(runExperiment(tinyBaseline)) : unlessRefused(runExperiment(tinyBaseline, { whenUnderWay: 'wait' }))
    },
    find: async folder => {
      process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
      const [run, ...others] = readdirSync(join(folder, 'runs'))
      return `${others.length} other runs; ${sha256(readFileSync(join(folder, 'runs', run, 'predictions.csv')))}`
    },
  },
  'saves of one model': {
    work: (folder, me) => saveModel(smallModel({ seed: me + 1 }), join(folder, 'saved')),
    find: folder => oneOfTwo(folder, 'saved'),
  },
  'exports of one model': {
    work: (folder, me) => exportModel(smallModel({ seed: me + 1 }), join(folder, 'exported'), { format: 'tfjs' }),
    find: folder => oneOfTwo(folder, 'exported'),
  },
  'imports of one set': {
    work: async (folder, me) => {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      const source = join(folder, `source-${me}`)
      for (const { name, bytes } of (await pictures()).slice(20, 40)) await writeFileAtomic(join(source, name), bytes)
      await keepDataset('made-up', source)
    },
    find: async folder => {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      return `${readdirSync(join(folder, 'data')).join()} ${(await openDataset('made-up')).contentHash}`
    },
  },
  'features of the same images': {
    work: async (folder, me) => {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      const { model } = await train(freeze(smallModel(), { through: 'conv2' }), split, config)
      await writeFileAtomic(join(folder, `weights-${me}`), hashOf(model))
    },
    find: async folder => [0, 1].map(me => readFileSync(join(folder, `weights-${me}`), 'utf8')).join(),
  },
  'downloads of one file': {
    work: folder => unlessRefused(
      download(readFileSync(join(folder, '..', '..', 'address'), 'utf8'), join(folder, 'file'), { limit: 2 ** 24 })),
    find: async folder => `${readdirSync(folder).join()} ${sha256(readFileSync(join(folder, 'file')))}`,
  },
  'set-ups': {
    work: async folder => {
      const done = async (title: string) => { await appendToFile(join(folder, title), pieces('done\n'), 1000) }
      const steps = ['first', 'second'].map(title =>
        ({ title, stamp: join(folder, `${title}.stamp`), inputs: () => [title], make: () => done(title) }))
      await doSteps(() => steps, join(folder, 'set-up.lock'))
    },
    find: async folder => ['first', 'second'].map(title => readFileSync(join(folder, title), 'utf8')).join(),
  },
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function answer({ kind, folder, me }: TogetherTask): Promise<string> {
  await makeFolder(folder)
  if (me === null) return kinds[kind].find(folder)
  await kinds[kind].work(folder, me)
  return 'done'
}

process.on('message', async (task: TogetherTask) =>
  process.send!(await answer(task).catch((fault: Error) => `fault: ${fault.message}`)))
process.on('disconnect', () => process.exit())
process.send!('ready')
