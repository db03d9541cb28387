/** Whether this machine can make a pack, and for which machines. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { noEngineBecause, unbuilt, bindingFolder } from '../set-up/engine.mjs'
import { onPath } from '../set-up/project.mjs'
import { SetUpError } from '../set-up/set-up-error.mjs'

/** Smaller parts would be many hundreds. */
const smallestPart = 1e6

/** Bytes of 500MB or 2GB; null for anything else and for less than 1MB. @param {string} text */
export function partSize(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(MB|GB)$/i.exec(text) ?? []
  const bytes = Math.round(Number(number) * { MB: 1e6, GB: 1e9 }[unit?.toUpperCase()])
  return bytes >= smallestPart && bytes <= 1e12 ? bytes : null
}

/** The kind of machine that the pack is for, as uname names it. */
export function systemOf(arch = process.arch) {
  return { machine: arch === 'arm64' ? 'aarch64' : 'x86_64' }
}

/**
 * @param {'cpu' | 'gpu'} [variant] is checked once it has been installed
 * @throws SetUpError
 */
export function checkPackable(variant) {
  const reason = noEngineBecause()
  if (reason) throw new SetUpError('no-engine', {
    expected: 'a machine whose native engine can be packed', received: reason, remedy: 'pack on Linux with the GNU C library, without LAB_ENGINE',
  })
  if (variant && existsSync(unbuilt(bindingFolder(variant)))) throw new SetUpError('no-engine', {
    expected: 'a binding to pack', received: 'one that could not be built', remedy: 'npm run doctor tells why',
  })
  for (const [program, version] of [['tar', /GNU tar/], ['xz', /xz/i]]) {
    const { stdout } = onPath(program) ? spawnSync(program, ['--version'], { encoding: 'utf8' }) : { stdout: '' }
    if (!version.test(stdout)) throw new SetUpError('no-program', {
      expected: program === 'tar' ? 'GNU tar' : 'xz', received: stdout ? `another ${program}` : 'none on the path',
      remedy: 'install it (Debian and Ubuntu: sudo apt install tar xz-utils) and try again',
    })
  }
}
