/** Room on the disk, asked for before anything large is installed. */
import { statfsSync } from 'node:fs'
import { size } from '../command/text.mjs'
import { root } from './project.mjs'
import { SetUpError } from './set-up-error.mjs'

/**
 * @param {number} needed bytes
 * @param {number} [free] bytes that are free; default: on the project's disk
 * @throws SetUpError 'disk-full'
 */
export function requireRoom(needed, free = freeBytes()) {
  if (free < needed)
    throw new SetUpError('disk-full', {
      expected: `${size(needed)} of free disk in ${root}`, received: size(free),
      remedy: 'free some disk space and run the same command again',
    })
}

function freeBytes() {
  const { bavail, bsize } = statfsSync(root)
  return bavail * bsize
}
