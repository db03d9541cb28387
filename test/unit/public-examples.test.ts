/** Every public function has an example; all examples compile, and all but a few run on a tiny phantom. */
import { mkdirSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import '../fixtures/one-thread'
import { readPublicNames } from '../fixtures/public-names'

/** Examples that download, read a data set of one's own, write a file or train for long: they are compiled only. */
const compiledOnly = [
  'figures.predictedImages', 'imageTable', 'openDataset', 'openModel', 'papers.reproduce', 'predictImage', 'presets', 'recognize', 'look.storeImage', 'recognizer',
  'saveModel', 'splitAsGiven', 'splitAsListed', 'weights.exportModel', 'weights.readCard', 'weights.savedFacts', 'writePredictions',
]

/** What examples may use without declaring it. */
const prelude = `
const series = [{ label: 'loss', points: [{ x: 0, y: 1 }, { x: 1, y: 0.5 }] }]
const data = await openDataset('phantom', { phantom: { patients: 12, slicesPerPatient: 2, size: 64 } }), ct = data
const parts = splitByGroup(ct, { validation: 0.25, test: 0.25, seed: 1 })
const network = await resnet50({ classes: ct.labels, weights: 'none', width: 'quarter', size: 32 })
const config = { epochs: 1, batch: 8, optimizer: { name: 'adamw', rate: 1e-3 } } as const
const trained = await train(network, parts, config), tuned = trained, frozen = trained
const runs = { 'one epoch': trained }
const predictions = await predict(trained.model, parts.test)
const evaluation = measurePredictions(predictions, { positive: ct.labels[0] }), one = evaluation, other = evaluation
const image = await ct.read(0), slice = byHand.toMap(image), pixels = await look.loadPixels(ct, { size: 32 })
const few = look.selectImages(ct, [0, 1]), pixelsOfFew = await look.loadPixels(few.dataset, { size: 32 })
const [x] = await anatomy.computeActivations(network, few, 0, ['conv2_block2_out'])
const facts = await look.readFileFacts(ct), scores = await scoreArms(ct, { questions: ['border'], network: null })
const watched = await watchRuns({ ResNet50: network }, parts.train, { steps: 2, rate: 0.01 })
const features = await strategies.computeFeatures(network, parts)
const results = (await strategies.readResults()).filter(({ row }) => row.width !== 'full')
`

const { values } = readPublicNames()
const examples = values.flatMap(({ name, examples }) => examples.map((code, i) => ({ id: i ? `${name} (${i + 1})` : name, name, code })))
const folder = inProject('build', 'examples')
const path = `${folder}/examples.ts`

/** A module whose function `examples` gives each example as a function to be called. */
function moduleOf(): string {
  const tops = [...new Set(values.map(({ name }) => name.split('.')[0]))]
  const functions = examples.map(({ id, code }) => `    ${JSON.stringify(id)}: async () => {\n${code}\n    },`)
  return `import { ${tops.join(', ')} } from '../../src/lib/index'\n`
    + `export async function examples(): Promise<Record<string, () => Promise<void>>> {\n${prelude}\n`
    + `  void [${[...prelude.matchAll(/^const \[?(\w+)|, (\w+) = /gm)].map(match => match[1] ?? match[2]).join(', ')}]\n`
    + `  return {\n${functions.join('\n')}\n  }\n}\n`
}

let run: Record<string, () => Promise<void>> = {}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, moduleOf())
  vi.stubEnv('LAB_PROFILE', 'tiny')
  vi.stubEnv('LAB_DATA', 'phantom')
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'table').mockImplementation(() => {})
  run = await ((await import(path)) as { examples(): Promise<typeof run> }).examples()
}, 120_000)
afterAll(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

it('every public function has a doc comment and an example', () => {
  const functions = values.filter(({ isFunction }) => isFunction)
  expect(functions.filter(({ comment }) => !comment).map(({ name }) => name)).toEqual([])
  expect(functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([])
})

it('all examples compile', { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(inProject('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, inProject())
  const program = ts.createProgram([path], { ...options, noUnusedLocals: false })
  const file = program.getSourceFile(path)!
  const lines = file.text.split('\n')
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  const faults = found.map(({ start, messageText }) =>
    `${lines[file.getLineAndCharacterOfPosition(start ?? 0).line].trim()}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
  expect(faults).toEqual([])
})

it('names as compiled only exist', () => {
  expect(compiledOnly.filter(name => !values.some(value => value.name === name))).toEqual([])
})

describe('runs on a tiny phantom', () => {
  it.each(examples.filter(({ name }) => !compiledOnly.includes(name)).map(({ id }) => id))('%s', async id => {
    await run[id]()
  })
})
