/** Room on the disk, asked for before anything large is installed. */
import { statfsSync } from 'node:fs'
import { size } from '../command/text.mjs'
import { root } from './project.mjs'
import { SetUpError } from './set-up-error.mjs'

/**
 * @param {number} needed bytes
 * @param {string} [folder] on the disk in question; default: the project's folder
 * @param {number} [free] bytes that are free there
 * @throws SetUpError 'disk-full'
 */
export function requireRoom(needed, folder = root, free = freeBytes(folder)) {
  if (free < needed)
    throw new SetUpError('disk-full', {
      expected: `${size(needed)} of free disk in ${folder}`, received: size(free),
      remedy: 'free some disk space and run the same command again',
    })
}

function freeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
