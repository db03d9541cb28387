/** The folder into which a pack is written. */
import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { inProject, root } from '../set-up/project.mjs'
import { SetUpError } from '../set-up/set-up-error.mjs'

/** Folders of the project whose content is packed, or thrown away. */
const inUse = /^(node_modules|\.engine|\.cache|\.venv|\.pack|\.git|build)(\/|$)/

/** What stands in a pack, and in one that was not finished. */
const isOfPack = name => /^(resnet50-lab\.tar\.xz\.\d+|SHA256SUMS|unpack|READ-ME\.txt)$/.test(name)

/**
 * Refuses a folder in which no pack can be made, before the work and not after it.
 * @param {string} to the folder to make
 * @throws SetUpError 'bad-path', 'not-writable'
 */
export function checkTarget(to) {
  const parent = dirname(to), making = `${to}.making`
  if (!statSync(parent, { throwIfNoEntry: false })?.isDirectory()) throw new SetUpError('bad-path', {
    expected: `to make the folder ${to}`, received: `no folder ${parent}`, remedy: 'make it first, or name another: npm run pack -- --to FOLDER',
  })
  if (lstatSync(to, { throwIfNoEntry: false })) throw new SetUpError('bad-path', {
    expected: `to make the folder ${to}`, received: 'one that is there already', remedy: 'remove it, or name another: npm run pack -- --to FOLDER',
  })
  if (inUse.test(relative(root, to))) throw new SetUpError('bad-path', {
    expected: 'a folder for the pack that the project does not use otherwise', received: to, remedy: 'name another: npm run pack -- --to FOLDER',
  })
  if (existsSync(making) && !(statSync(making).isDirectory() && readdirSync(making).every(isOfPack))) throw new SetUpError('bad-path', {
    expected: `to make the pack in ${making}`, received: 'other files there', remedy: 'remove it, or name another folder: npm run pack -- --to FOLDER',
  })
  try {
    accessSync(parent, constants.W_OK | constants.X_OK)
  } catch ({ code }) {
    throw new SetUpError('not-writable', {
      expected: `to make the folder ${to}`, received: `no right to write in ${parent} (${code})`,
      remedy: 'name a folder that you may write to: npm run pack -- --to FOLDER',
    })
  }
}

/** The text for whoever gets the pack. @param {string} commit @param {string} to the pack's folder */
export function readMe(commit, to) {
  const name = basename(to), word = /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
  return readFileSync(inProject('scripts', 'pack', 'read-me.txt'), 'utf8')
    .replace('COMMIT', commit).replace('FOLDER-OF-PACK', () => word)
}
