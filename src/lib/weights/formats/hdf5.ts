/**
 * HDF5, the container of Keras's weights: a tree of groups, texts and arrays of numbers.
 *
 * The HDF5 library runs as WebAssembly on files in memory and never sees the disk. A file from elsewhere can therefore
 * not make it read other files. A damaged file can keep the library busy for ever: `readHdf5` therefore reads in a
 * thread of its own, which is ended when it takes too long (`hdf5-thread.ts`).
 */
import type { Attribute, Dataset, Group } from 'h5wasm'
import { LabError } from '../../system/errors'
import { badTensorFile } from './header'
import type { Values } from './tensor-file'

export interface Hdf5Group {
  /** Texts and lists of texts by name; an empty list of any type is []. Attributes of other types are left out. */
  attributes: ReadonlyMap<string, string | readonly string[]>
  groups: ReadonlyMap<string, Hdf5Group>
  /** Arrays stored as float32 or float64, here float32; data sets of other types are left out. */
  arrays: ReadonlyMap<string, Values>
}

/**
 * Limits of what is read of one file: entries and attributes of groups, depth of groups within groups, bytes of
 * unpacked arrays and of texts. A small file can claim any shape, link a group into itself, and into others many times.
 */
const maximumEntries = 20_000
const maximumDepth = 16
/** How much larger than their file arrays may be, and what any file may unpack. Weights hardly shrink in files. */
const greatestRatio = 8, smallBytes = 16 * 1024 * 1024
const maximumText = 16 * 1024 * 1024

/** HDF5's numbers for kinds of types. */
const floatType = 1
const textType = 3

let opened = 0

/**
 * The content of an HDF5 file's bytes, read in this thread.
 * @param where named in errors, such as the file's path
 * @throws LabError 'bad-tensor-file' where the bytes are not a whole HDF5 file
 */
export async function decodeHdf5(bytes: Uint8Array, where: string): Promise<Hdf5Group> {
  return onFileInMemory((library, name) => {
    library.FS!.writeFile(name, bytes)
    try {
      const file = new library.File(name, 'r')
      try {
        const unpacked = smallBytes + greatestRatio * bytes.length
        const budget = { where, entries: maximumEntries, unpacked, bytes: unpacked, text: maximumText }
        return readGroup(library, file, budget)
      } finally {
        file.close()
      }
    } catch (error) {
      // The HDF5 library's own errors say little and differ from fault to fault.
      throw error instanceof LabError ? error : badTensorFile(where, 'a whole HDF5 file', 'another or a damaged file')
    }
  })
}

/** The bytes of an HDF5 file. Numbers are stored as float32; lists of texts as ASCII, as Keras does. */
export async function encodeHdf5(root: Hdf5Group): Promise<Uint8Array> {
  return onFileInMemory(({ File, FS }, name) => {
    const file = new File(name, 'w')
    try {
      writeGroup(file, root)
    } finally {
      file.close()
    }
    return FS!.readFile(name)
  })
}

type Library = typeof import('h5wasm')

/** Loads the library: CommonJS can load this ES module only by `import()`, and only callers that need it wait. */
export async function loadHdf5(): Promise<Library> {
  const library = await import('h5wasm')
  // Without this handler the library prints its errors instead of throwing them.
  ;(await library.ready).activate_throwing_error_handler()
  return library
}

/** Runs work with a file name in the library's own file system; afterwards the file is deleted. */
async function onFileInMemory<T>(work: (library: Library, name: string) => T): Promise<T> {
  const library = await loadHdf5()
  const name = `/tmp/${opened++}.h5`
  try {
    return work(library, name)
  } finally {
    if (library.FS!.analyzePath(name).exists) library.FS!.unlink(name)
  }
}

/** How much may still be read, and the bytes of all arrays that may be read of this file. */
interface Budget { readonly where: string; readonly unpacked: number; entries: number; bytes: number; text: number }

function readGroup(library: Library, group: Group, budget: Budget, depth = 0): Hdf5Group {
  if (depth > maximumDepth) throw badTensorFile(budget.where, `groups at most ${maximumDepth} deep`, 'deeper groups, or a circle')
  const groups = new Map<string, Hdf5Group>()
  const arrays = new Map<string, Values>()
  for (const name of group.keys()) {
    countEntry(budget)
    const entity = group.get(name)
    if (entity instanceof library.Group) groups.set(name, readGroup(library, entity, budget, depth + 1))
    const values = entity instanceof library.Dataset ? readNumbers(entity, budget) : null
    if (values) arrays.set(name, values)
  }
  const attributes = new Map<string, string | string[]>()
  const { attrs } = group
  for (const name of Object.keys(attrs)) {
    countEntry(budget)
    const text = readText(attrs[name], budget)
    if (text !== null) attributes.set(name, text)
  }
  return { attributes, groups, arrays }
}

function countEntry(budget: Budget): void {
  if (--budget.entries < 0) throw badTensorFile(budget.where, `at most ${maximumEntries} groups, arrays and attributes`, 'more')
}

function readNumbers(dataset: Dataset, budget: Budget): Values | null {
  const { type, shape, size, total_size: count } = dataset.metadata
  // Arrays of other types are not unpacked.
  if (!shape || type !== floatType) return null
  budget.bytes -= size * count
  if (!(budget.bytes >= 0))
    throw badTensorFile(budget.where, `arrays of at most ${budget.unpacked} bytes for a file of this size`, `${dataset.path}: ${shape.join(' × ')}`)
  const { value } = dataset
  const numbers = typeof value === 'number' ? Float64Array.of(value) : value
  if (numbers instanceof Float32Array) return { shape, values: numbers }
  return numbers instanceof Float64Array ? { shape, values: Float32Array.from(numbers) } : null
}

function readText(attribute: Attribute, budget: Budget): string | string[] | null {
  const { type, shape, size, total_size: count, vlen } = attribute.metadata
  if (shape && count === 0) return []
  if (!shape || type !== textType) return null
  countText(budget, size * count)
  const { value } = attribute
  const texts = [value].flat().filter(text => typeof text === 'string')
  // A text of variable length is stored elsewhere: so far only its reference was counted.
  if (vlen) countText(budget, texts.reduce((sum, { length }) => sum + length, 0))
  return typeof value === 'string' ? value : texts
}

function countText(budget: Budget, bytes: number): void {
  budget.text -= bytes
  if (!(budget.text >= 0)) throw badTensorFile(budget.where, `texts of at most ${maximumText} bytes`, 'more')
}

function writeGroup(target: Group, { attributes, groups, arrays }: Hdf5Group): void {
  for (const [name, value] of attributes) {
    if (typeof value === 'string') target.create_attribute(name, value, [], 'S')
    else target.create_attribute(name, [...value], [value.length], `A${Math.max(0, ...value.map(text => text.length)) + 1}`)
  }
  for (const [name, { shape, values }] of arrays)
    target.create_dataset({ name, data: values, shape: [...shape], dtype: '<f' })
  for (const [name, group] of groups) writeGroup(target.create_group(name), group)
}
