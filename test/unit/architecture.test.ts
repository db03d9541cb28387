/** The house has floors: imports go down or sideways, never up, and each door to the outside has one keeper. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inProject } from '../../src/lib/project-root'

/** Rooms by floor, lowest first; a name with a slash is a whole folder. */
const floors: readonly (readonly string[])[] = [
  ['errors', 'random', 'project-root', 'profile', 'parallel', 'half-float', 'int8', 'grouped'],
  ['metrics', 'intervals', 'lbfgs', 'decision', 'calibration', 'files', 'worker-pool', 'engine', 'engine/', 'loss', 'tables'],
  ['kernels', 'kernels/', 'variable', 'archive', 'image', 'image-file', 'png', 'resize', 'thumbnails', 'thumbnail-worker', 'sealed-rows', 'tensor-file', 'claim', 'download'],
  ['layers/', 'optimizer', 'schedule', 'augment', 'duplicates', 'nearest-neighbours', 'logistic-regression'],
  ['architecture', 'head', 'preprocessing', 'model', 'weights/', 'datasets/', 'deal', 'split', 'folds', 'split-record', 'results-file'],
  ['plan', 'moving-averages', 'network', 'resnet50', 'freeze', 'summary', 'batch-images', 'batch-worker', 'batches', 'inputs', 'training'],
  ['predict', 'predictions', 'recognise', 'statistics', 'feature-cache', 'frozen-inputs', 'training-inputs', 'activations', 'checkpoint', 'learner', 'presets', 'one-against-rest', 'mistakes'],
  ['train'],
  ['evaluation', 'evaluate', 'baselines', 'pretrain/', 'explore/'],
  ['figures/', 'data-frame', 'report/', 'papers/', 'experiment', 'strategies/'],
  ['exercises/', 'notebook/', 'index'],
]

const library = inProject('src', 'lib')
const files = listFiles(library).map(path => relative(library, path).replace(/\.ts$/, ''))
const sources = new Map(files.map(file => [file, readFileSync(join(library, `${file}.ts`), 'utf8')]))

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? listFiles(path) : name.endsWith('.ts') ? [path] : []
  })
}

/** All that a file names behind `from`, `import(` or `require(`; type-only imports count. */
function imports(file: string): string[] {
  return [...sources.get(file)!.matchAll(/(?:from|import\(|require\(|require\)?\([^)]*\)\()\s*'([^']+)'/g)].map(match => match[1])
}

function rooms(file: string): string[] {
  return imports(file).filter(name => name.startsWith('.')).map(name => join(dirname(file), name))
}

function floorOf(file: string): number {
  return floors.findIndex(floor => floor.some(room => (room.endsWith('/') ? file.startsWith(room) : file === room)))
}

describe.each(files)('%s', file => {
  test('stands on a floor of its own', () => expect(floorOf(file), 'list the room in this test').toBeGreaterThanOrEqual(0))

  test('imports from its own floor or below', () => {
    expect(rooms(file).filter(room => floorOf(room) > floorOf(file))).toEqual([])
  })

  test('has at most 300 lines', () => expect(sources.get(file)!.split('\n').length - 1).toBeLessThanOrEqual(300))
})

test('no file imports itself by way of others', () => {
  const seen = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (seen.has(file) || path.includes(file)) return
    for (const room of rooms(file)) visit(room, [...path, file])
    seen.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})

test.each([
  ['TensorFlow.js', /^@tensorflow\//, ['engine/native', 'engine/wasm-backend']],
  ['sharp', /^sharp$/, ['image']],
  ['a network module', /^(node:)?(http|https|http2|net|tls|dgram)$|^undici$/, []],
  ['zip archives', /^yauzl$/, ['archive']],
  ['HDF5', /^h5wasm/, ['weights/hdf5']],
])('%s: who imports it', (_, pattern, keepers) => {
  expect(files.filter(file => imports(file).some(name => pattern.test(name)))).toEqual(keepers)
})

test('only `download` fetches, only `files` writes', () => {
  const using = (pattern: RegExp) => files.filter(file => pattern.test(sources.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
  expect(using(/\bfetch\(/)).toEqual(['download'])
  expect(using(/\b(writeFile|appendFile|createWriteStream|mkdir|rename|unlink|rmSync|mkdtemp|copyFile)\w*\(/)
    .filter(file => !['files'].includes(file))
    .filter(file => !/import \{[^}]*\} from '(\.\.?\/)+files'/.test(sources.get(file)!))).toEqual([])
})
