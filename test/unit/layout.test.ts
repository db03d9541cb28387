/** The layout of src/lib: folders in the order in which data walks; imports go down, never up. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

/** Lowest first. A folder imports itself and the folders before it. */
const folders = [
  'system', 'engine', 'images', 'data', 'model', 'weights', 'network', 'batches', 'evaluation', 'inference', 'attribution', 'baselines',
  'training', 'audit', 'display', 'papers', 'experiments', 'report', 'notebook',
]

const library = inProject('src', 'lib')
const files = readdirSync(library, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
  .map(entry => relative(library, join(entry.parentPath, entry.name)).replace(/\.ts$/, '')).sort()
const pathOf = (file: string) => join(library, file.endsWith('.mjs') ? file : `${file}.ts`)
const sources = new Map(files.map(file => [file, readFileSync(pathOf(file), 'utf8')]))

/** All that a file names behind `from`, `import(` or `require(`; type-only imports count. */
function imports(file: string, pattern = /(?:from|import\(|require\(|require\)?\([^)]*\)\()\s*'([^']+)'/g): string[] {
  return [...sources.get(file)!.matchAll(pattern)].map(match => match[1])
}

/** The library's own files of code among a file's imports. */
function neighbors(file: string, pattern?: RegExp): string[] {
  return imports(file, pattern).filter(name => /^\.(?!.*\.json$)/.test(name)).map(name => join(dirname(file), name))
}

function folderOf(file: string): string {
  return file.split('/')[0]
}

test('the folders are the ones listed here; the root holds index.ts only', () => {
  expect(new Set(files.map(folderOf))).toEqual(new Set([...folders, 'index']))
})

describe.each(files.filter(file => file !== 'index'))('%s', file => {
  test('imports from its own folder or a lower one', () => {
    const higher = folders.slice(folders.indexOf(folderOf(file)) + 1).concat('index')
    expect(neighbors(file).filter(other => higher.includes(folderOf(other)))).toEqual([])
  })

  test('has at most 300 lines', () => expect(sources.get(file)!.split('\n').length - 1).toBeLessThanOrEqual(300))
})

test('no file imports itself through others', () => {
  const seen = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (seen.has(file) || path.includes(file)) return
    for (const other of neighbors(file)) visit(other, [...path, file])
    seen.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})

describe('a page in a browser can load', () => {
  /** Imports that remain when types are erased. */
  const loaded = /^(?:import|export) (?!type\b)[^']*from '([^']+)'/gm

  /** A file, and all that it loads. */
  const reach = (file: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(file)) return seen
    seen.add(file)
    for (const other of neighbors(file, loaded)) reach(other, seen)
    return seen
  }

  test.each(files.filter(file => /^(model|evaluation)\/|^images\/(image|resize|augment|correlation)$/.test(file)))('%s', file => {
    const reached = [...reach(file)]
    expect(reached.filter(other => folderOf(other) === 'engine'), 'free of the engine').toEqual([])
    expect(reached.filter(other => imports(other, loaded).some(name => name.startsWith('node:'))), 'free of node:').toEqual([])
    expect(reached.filter(other => /\b(process|Buffer|__dirname)\b/.test(code(other))), 'free of Node’s globals').toEqual([])
  })
})

/** A file without its comments and texts. */
function code(file: string): string {
  return sources.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/'[^'\n]*'/g, "''")
}

test.each([
  ['TensorFlow.js', /^@tensorflow\//, ['engine/composed/wasm-backend', 'engine/native/binding']],
  ['sharp', /^sharp$/, ['images/sharp-reader']],
  ['a network module', /^(node:)?(http|https|http2|net|tls|dgram)$|^undici$/, []],
  ['zip archives', /^yauzl$/, ['system/archive']],
  ['the DICOM parser', /^dicom-parser$/, ['images/dicom/data-set']],
  ['decoders of DICOM’s compressions', /^(@cornerstonejs\/|jpeg-lossless)/, ['images/dicom/codecs']],
  ['the NIfTI reader', /^nifti-reader-js$/, ['images/nifti']],
  ['HDF5', /^h5wasm/, ['weights/formats/hdf5']],
])('%s: who imports it', (_, pattern, keepers) => {
  expect(files.filter(file => imports(file).some(name => pattern.test(name)))).toEqual(keepers)
})

test('only `download` fetches', () => {
  expect(files.filter(file => /\bfetch\(/.test(code(file)))).toEqual(['system/download'])
})

test('only `files`, `replace` and locks import what writes to the disk', () => {
  const writers = /\b(writeFile|appendFile|createWriteStream|write|mkdir|mkdtemp|rename|link|symlink|unlink|rm|rmdir|cp|copyFile|truncate|utimes)(Sync)?\b/
  const fromDisk = (file: string) => [...sources.get(file)!.matchAll(/import ([^;]*?) from '(?:node:)?fs(?:\/promises)?'/g)]
  const writes = (names: string) => !names.includes('{') || writers.test(names)
  expect(files.filter(file => fromDisk(file).some(([, names]) => writes(names))))
    .toEqual(['system/files', 'system/lock-files.mjs', 'system/lock.mjs', 'system/replace'])
  expect(files.filter(file => imports(file, /(?:import\(|require\(|import |from )\s*'((?:node:)?fs[^']*)'/g).length > fromDisk(file).length))
    .toEqual([])
})
