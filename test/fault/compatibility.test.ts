/** What every released version left on disks is opened as it was, and what other versions wrote is never misread. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDataset } from '../../src/lib/data/registry'
import { splitByGroup } from '../../src/lib/data/split/split'
import { engineIdentity } from '../../src/lib/engine/engine'
import { completeExperiment } from '../../src/lib/experiments/config'
import { runIdentity } from '../../src/lib/experiments/identity'
import { readResults } from '../../src/lib/experiments/plans/four-strategies/recorded'
import { readPaperResults } from '../../src/lib/experiments/plans/papers/recorded'
import { readTransferRows, recordTransferRow } from '../../src/lib/experiments/plans/pretraining/recorded'
import { readReferenceRows } from '../../src/lib/experiments/plans/reference-notebook/recorded'
import { runExperiment } from '../../src/lib/experiments/run-experiment'
import { readRun, runNames } from '../../src/lib/experiments/run-folder'
import { predict } from '../../src/lib/inference/predict'
import { readRecordedAudits, readRecordedFindings } from '../../src/lib/report/recorded-audit'
import { sha256 } from '../../src/lib/system/hash'
import { inProject } from '../../src/lib/system/project-root'
import { saveModel } from '../../src/lib/training/saved/save-model'
import { train } from '../../src/lib/training/train'
import { readTensorFile, writeTensorFile } from '../../src/lib/weights/formats/tensor-file'
import { loadProjectWeights } from '../../src/lib/weights/project-weights'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { savedFacts } from '../../src/lib/weights/saved/saved-facts'
import { hashOfArrays, sealOf } from '../../src/lib/weights/saved/seal'
import { decodeSafetensors } from '../../src/lib/weights/formats/safetensors'
import { smallModel, smallSplit } from '../fixtures/small-network'
import { splitSettings, trainingSettings, type ReleasedFacts } from '../fixtures/released/released'
import { temporaryFolder } from '../fixtures/temporary'

const released = join(__dirname, '..', 'fixtures', 'released'), temporary = temporaryFolder()
const versions = readdirSync(released, { withFileTypes: true }).filter(entry => /^\d+\.\d+\.\d+$/.test(entry.name))
  .map(({ name }) => name)

/** Files of a version, copied: opening them writes caches, and training goes on. */
function filesOf(version: string): (...parts: string[]) => string {
  const folder = temporary(version)
  cpSync(join(released, version), folder, { recursive: true })
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
  return (...parts) => join(folder, ...parts)
}

test('the version in package.json has its files here', () => {
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { version: string }
  expect(versions, 'make them once: npx tsx test/fixtures/released/make.ts').toContain(version)
})

describe.each(versions)('of version %s', version => {
  const path = filesOf(version)
  const facts = JSON.parse(readFileSync(path('facts.json'), 'utf8')) as ReleasedFacts

  test('a set has the same images, and is split the same way', async () => {
    const set = await openDataset('mine'), { train, validation, test } = splitByGroup(set, splitSettings)
    const images = await Promise.all(set.items.map((_, i) => set.read(i)))
    expect(sha256(Buffer.concat(images.map(({ data }) => Buffer.from(data))))).toBe(facts.pixels)
    expect(set).toMatchObject({ contentHash: facts.contentHash, positive: 'ill', modality: 'CT', grouping: 'patient', source: 'made up' })
    expect([train, validation, test].map(({ indices }) => [...indices])).toEqual(Object.values(facts.parts))
  })

  test('saved and exported models have the same numbers, and say the same', async () => {
    for (const file of ['trained', 'exported/keras.h5', 'exported/weights.safetensors', 'exported/tfjs'])
      expect(hashOfArrays((await openModel(path(file))).weights), file).toBe(facts.trained)
    const model = await openModel(path('trained'))
    const { probabilities } = await predict(model, splitByGroup(await openDataset('mine'), splitSettings).test)
    // Another processor adds in another order.
    probabilities.forEach((value, i) => expect(value).toBeCloseTo(facts.probability[i], 5))
    expect(savedFacts(model)).toMatchObject({ version: 1, data: { name: 'mine', contentHash: facts.contentHash }, training: { stopped: 'finished' } })
  })

  test('a checkpoint goes on to the end that its version came to', async () => {
    const start = await openModel(path('start')), trained = await openModel(path('trained'))
    expect(hashOfArrays(start.weights)).toBe(facts.start)
    const split = splitByGroup(await openDataset('mine'), splitSettings)
    const resume = () => train(start, split, trainingSettings, { checkpoint: { folder: path('checkpoint') } })
    if (facts.engine !== engineIdentity()) {
      // Another engine rounds otherwise: its checkpoints are refused, unless this test makes them this engine's.
      await expect(resume()).rejects.toThrow(/bad-checkpoint.*engine.*Choose another folder/)
      await train(start, split, trainingSettings, { checkpoint: { folder: path('own') }, signal: AbortSignal.abort() })
      const { fingerprint } = (await readTensorFile(path('own', 'checkpoint.tensors'))).meta
      const file = path('checkpoint', 'checkpoint.tensors'), { tensors, meta } = await readTensorFile(file)
      await writeTensorFile(file, { tensors, meta: { ...meta, fingerprint } })
    }
    const { model, history } = await resume()
    expect(history).toHaveLength(4)
    const largest = (other: typeof start) => Math.max(...[...trained.weights].flatMap(([name, values]) =>
      [...values].map((value, i) => Math.abs(value - other.weights.get(name)![i]))))
    expect(largest(start)).toBeGreaterThan(0.05)
    expect(largest(model)).toBeLessThan(1e-3)
  })

  test('runs are read, and are the same runs', async () => {
    const runs = await Promise.all(runNames().map(readRun)), set = await openDataset('mine')
    expect(runs).toHaveLength(2)
    for (const { name, config, evaluation, metrics } of runs) {
      expect((await runIdentity(completeExperiment(config), set)).name).toBe(name)
      expect(evaluation.predictions.names).toEqual(facts.parts.test.map(i => set.items[i].name))
      expect(evaluation.accuracy).toEqual(metrics.accuracy)
    }
  })

  test('records and project weights are read', async () => {
    const record = (name: string) => path('records', `${name}.csv`)
    const strategies = { rows: record('four-strategies'), groups: record('four-strategies-groups') }
    const papers = { rows: record('papers-runs'), groups: record('papers-groups'), strategies, reference: record('reference-notebook') }
    const tables = await Promise.all([readResults(strategies), readPaperResults(papers), readTransferRows(record('pretraining')),
      readReferenceRows(record('reference-notebook')), readRecordedAudits(record('audit')),
      readRecordedFindings(record('audit-findings'))])
    expect(tables.map(rows => rows.length)).toEqual([2, 6, 2, 2, 2, 2])
    for (const kind of ['float16', 'int8'])
      expect((await loadProjectWeights(kind, 'full', path('weights'))).weights.get('a/kernel')!.shape).toEqual([3, 3, 1, 2])
  })
})

// Made by commits before the first release: 3ad31c0 (checkpoint, export) and a384537 (saved model).
describe('from before the first release', () => {
  const path = (...parts: string[]) => join(released, 'earlier', ...parts)

  test('a checkpoint is refused', async () => {
    cpSync(path('checkpoint'), temporary('earlier'), { recursive: true })
    await expect(train(smallModel(), smallSplit(), trainingSettings, { checkpoint: { folder: temporary('earlier') } }))
      .rejects.toThrow(/^other-version: .*an earlier version of this program wrote\. Delete it to start afresh/)
  })

  test('an export without a description is refused', () =>
    expect(openModel(path('export.safetensors'))).rejects.toThrow(/an export of an earlier version.*Export the model again/))

  test('a saved model is opened, although it says less of its data', async () => {
    const model = await openModel(path('saved'))
    expect(hashOfArrays(model.weights)).toMatch(/^661f0bf318/)
    expect(savedFacts(model)?.data).toMatchObject({ name: 'small', modality: 'unknown', skipped: 0, nearDuplicatesSearched: true })
  })
})

test('a cache is made again where another version wrote it, and read where the first did, which named none', async () => {
  const { contentHash } = (filesOf('0.1.0'), await openDataset('mine'))
  const cache = join(process.env.LAB_DATA_FOLDER!, 'mine', 'cache', `near-duplicates-${contentHash.slice(0, 16)}.json`)
  for (const [version, pairs] of [[undefined, [[0, 1]]], [99, []]]) {
    writeFileSync(cache, JSON.stringify({ version, contentHash, pairs: [[0, 1]] }))
    expect((await openDataset('mine')).nearDuplicates).toEqual(pairs)
  }
})

describe('of a later version', () => {
  const path = filesOf('0.1.0'), later = /^other-version: .*later version of this program.*git pull/
  const rewrite = (file: string, change: (text: string) => string) =>
    writeFileSync(file, change(readFileSync(file, 'utf8')))

  test('a checkpoint is refused, and stays', async () => {
    const file = path('checkpoint', 'checkpoint.tensors'), { tensors, meta } = await readTensorFile(file)
    await writeTensorFile(file, { tensors, meta: { ...meta, version: 99 } })
    const bytes = readFileSync(file)
    const resume = async () => train(await openModel(path('start')), splitByGroup(await openDataset('mine'), splitSettings),
      trainingSettings, { checkpoint: { folder: path('checkpoint') } })
    await expect(resume()).rejects.toThrow(later)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    writeFileSync(file, Buffer.concat([Buffer.from('LABTENS2'), bytes.subarray(8, 40), bytes.subarray(8)]))
    await expect(resume()).rejects.toThrow(later)
  })

  test('a run’s checkpoint is refused with the command that starts the run afresh, and stays', async () => {
    const name = runNames().find(run => run.includes('quarter'))!, folder = path('runs', name)
    const { config } = await readRun(name)
    const { tensors, meta } = await readTensorFile(path('checkpoint', 'checkpoint-before.tensors'))
    rmSync(join(folder, 'metrics.json'))
    const file = join(folder, 'checkpoint', 'training', 'checkpoint.tensors')
    for (const [change, code] of [[{ version: 99 }, 'other-version'], [{}, 'bad-checkpoint']] as const) {
      await writeTensorFile(file, { tensors, meta: { ...meta, ...change } })
      await expect(runExperiment(config)).rejects.toThrow(
        new RegExp(`^${code}: .*Use the version, the engine and the threads.*npm run runs -- remove ${name}`))
      expect((await readTensorFile(file)).meta).toEqual({ ...meta, ...change })
    }
  })

  test('a set is refused: by its version, or by what it knows more', async () => {
    const file = path('data', 'mine', 'set.json')
    rewrite(file, text => text.replace('"version":1', '"version":99'))
    await expect(openDataset('mine')).rejects.toThrow(later)
    rewrite(file, text => text.replace('"version":99', '"version":1,"rotated":true'))
    await expect(openDataset('mine')).rejects.toThrow(/Unrecognized key: "rotated".*git pull/)
  })

  test('a model is refused: by its version, or by what it knows more', async () => {
    const { tensors } = decodeSafetensors(readFileSync(path('trained', 'model.safetensors')), 'a model')
    const arrays = new Map([...tensors].map(([name, { values }]) => [name, values]))
    const write = (change: (description: Described) => void) => writeFileSync(path('trained', 'model.safetensors'),
      withDescription(readFileSync(join(released, '0.1.0', 'trained', 'model.safetensors')), description => {
        change(description)
        return { ...description, seal: sealOf(description, arrays) }
      }))
    write(() => {})
    expect((await openModel(path('trained'))).size).toBe(16)
    for (const change of [
      description => { description.saved.version = 99 },
      description => { description.turned = 90 },
      description => { description.layers[1].dilation = 2 },
    ] satisfies ((description: Described) => void)[]) {
      write(change)
      await expect(openModel(path('trained'))).rejects.toThrow(/^other-version: .*another version wrote the file.*git pull/)
      await expect(saveModel(await openModel(path('start')), path('trained'))).rejects.toThrow(/bad-argument|other-version/)
    }
  })

  test('a record with a column more is not written back without it', async () => {
    const file = path('records', 'pretraining.csv'), [row] = await readTransferRows(file)
    rewrite(file, text => text.trimEnd().split(/\r?\n/).map((line, i) => `${line},${i ? 7 : 'energy'}`).join('\r\n') + '\r\n')
    const text = readFileSync(file, 'utf8')
    await expect(recordTransferRow(row, file)).rejects.toThrow(/other-version: .*column 'energy'.*git pull/)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

interface Described {
  [field: string]: unknown
  saved: Record<string, unknown>
  layers: Record<string, unknown>[]
}

/** A safetensors file with another description of its model. */
function withDescription(bytes: Buffer, change: (description: Described) => object): Buffer {
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Header
  const described = Object.entries(header.__metadata__).map(([name, text]) => [name, JSON.parse(text) as unknown])
  const changed = Object.entries(change(Object.fromEntries(described) as Described))
  header.__metadata__ = Object.fromEntries(changed.map(([name, value]) => [name, JSON.stringify(value)]))
  const text = Buffer.from(JSON.stringify(header)), start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([start, text, bytes.subarray(8 + length)])
}

interface Header { __metadata__: Record<string, string> }
