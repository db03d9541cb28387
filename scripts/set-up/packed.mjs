/** What differs in a folder that was unpacked (docs/without-a-network.md): nothing is downloaded there. */
import { hasNvidiaDriver, inProject, packed } from './project.mjs'
import { SetUpError } from './set-up-error.mjs'

/** pip's options: an unpacked folder has its packages. */
export const pipOptions = packed ? ['--no-index', '--find-links', inProject('.pack', 'wheels')] : []

/**
 * @param {string} what would be downloaded
 * @param {string} [remedy] what to do; default: for what a pack brings
 * @param {object | null} [pack] the pack of this folder
 * @throws SetUpError 'not-packed' in a folder that was unpacked
 */
export function requireNetwork(
  what, remedy = 'unpack the pack again, or make a new one with npm run pack on a machine with a network', pack = packed,
) {
  if (pack)
    throw new SetUpError('not-packed', {
      expected: what, received: 'a folder that was unpacked, which has none that fits and downloads nothing', remedy,
    })
}

/**
 * The sentence for a machine without a driver where a card is asked for, by LAB_ENGINE or by the pack; null elsewhere.
 * @param {string} [requested] the value of LAB_ENGINE
 */
export function withoutCard(requested = process.env.LAB_ENGINE, pack = packed, driver = hasNvidiaDriver()) {
  if (driver) return null
  if (requested === 'gpu') return 'No NVIDIA driver on this machine: the engine for cards is set up, and computes where there is a card.'
  return pack?.variant === 'gpu' && !requested ? 'No NVIDIA driver on this machine: the processor computes.' : null
}

/** @throws SetUpError 'not-packed' where LAB_ENGINE asks for a card and the pack has TensorFlow for the processor */
export function checkPackedEngine(requested = process.env.LAB_ENGINE, pack = packed) {
  if (pack?.variant === 'cpu' && requested === 'gpu')
    throw new SetUpError('not-packed', {
      expected: 'TensorFlow for NVIDIA cards, which LAB_ENGINE=gpu asks for', received: 'a pack with TensorFlow for the processor',
      remedy: 'make a pack with npm run pack -- --gpu on a machine with a network, or leave LAB_ENGINE out',
    })
}
