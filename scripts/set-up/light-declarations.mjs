/**
 * Lighter declarations of packages for the kernel's compiler, which goes through all files that the library's
 * declarations reach, twice for each cell. Half of these files declare TensorFlow.js's tensors, and no cell holds a
 * tensor.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { inProject } from './project.mjs'

/** Packages whose types cells do not need. */
const empty = ['tfjs', 'tfjs-core', 'tfjs-node-gpu'].map(name => `@tensorflow/${name}`)
/** The package of data frames, whose types cells need. Its declarations name tensors, which are unknown then. */
const frames = 'danfojs-node'

/**
 * Empties the packages of tensors for the library's declarations, and gives these a copy of those of data frames. The
 * copy lies in no node_modules: the compiler would refuse to name its types.
 * @param {string} types the folder of the library's declarations
 */
export function lightenDeclarations(types) {
  for (const name of empty) {
    const folder = join(types, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.d.ts'), 'export {}\n')
  }
  const importing = readdirSync(types, { recursive: true }).map(String)
    .filter(name => name.endsWith('.d.ts') && readFileSync(join(types, name), 'utf8').includes(`from '${frames}'`))
  const copy = join(types, frames)
  const declares = path => statSync(path).isDirectory() || /\.d\.ts$|package\.json$/.test(path)
  for (const part of ['package.json', 'dist'])
    cpSync(inProject('node_modules', frames, part), join(copy, part), { recursive: true, filter: declares })
  for (const path of importing.map(name => join(types, name)))
    writeFileSync(path, readFileSync(path, 'utf8').replace(`from '${frames}'`, `from '${relative(dirname(path), copy)}'`))
}
