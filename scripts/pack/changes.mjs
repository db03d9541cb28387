/** Whether files changed while they were packed: their hashes would not be those of what was packed. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { SetUpError } from '../set-up/set-up-error.mjs'

/**
 * Of each file, what changes when it is written.
 * @param {import('./archive.mjs').Source[]} sources
 * @returns {ReadonlyMap<string, string>}
 */
export function statesOf(sources) {
  const paths = sources.flatMap(({ folder, names }) => names.map(name => join(folder, name)))
  return new Map(paths.map(path => [path, stateOf(path)]))
}

function stateOf(path) {
  const state = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return state ? [state.ino, state.size, state.mtimeNs].join() : 'gone'
}

/**
 * The error of files that were written or removed since they were looked at, null where there are none: what was hashed
 * may not be what was packed.
 * @param {ReadonlyMap<string, string>} before
 */
export function changedSince(before) {
  const changed = [...before].filter(([path, state]) => stateOf(path) !== state).map(([path]) => path)
  return changed.length === 0 ? null : new SetUpError('changed-meanwhile', {
    expected: 'files that stay as they are while they are packed', received: `changes in ${changed.slice(0, 3).join(', ')}`,
    remedy: 'let other programs that work in this folder end, and pack again',
  })
}
