/** A claim on a file: of several that would work on it at once, in this process or another, one does. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { createFile, remove, runs, writeFileAtomic } from './files'

/** Long enough for another process to finish what takes it a moment. Milliseconds. */
const settle = 300

let claims = 0

/**
 * Does the work while a file beside what is worked on names this process; one that a dead process left counts for
 * nothing.
 * @param path of that file
 * @param taken the error where somebody else has the claim, by the number of that process
 */
export async function claimed<T>(path: string, taken: (process: number) => Error, work: () => Promise<T>): Promise<T> {
  const me = `${identity(process.pid)} ${claims++}`
  const other = await claim(path, me)
  if (other !== me) throw taken(parseInt(other))
  try {
    return await work()
  } finally {
    if (await owner(path) === me) await remove(path)
  }
}

/** @returns whose the claim is now */
async function claim(path: string, me: string): Promise<string> {
  for (;;) {
    if (await createFile(path, me)) return me
    const other = await owner(path)
    // Given up meanwhile.
    if (other === null) continue
    if (isAlive(other)) return other
    // Several may do this at once: the last one wins, and all look again after a moment.
    await writeFileAtomic(path, me)
    await pause(settle)
    const last = await owner(path)
    if (last !== null) return last
  }
}

/** Who has the claim. It is empty for the moment in which it is made, or where that moment was interrupted. */
async function owner(path: string): Promise<string | null> {
  const read = () => readFile(path, 'utf8').catch(() => null)
  if (await read() === '') await pause(settle)
  return read()
}

/** A process's number and, where the system tells, when it started: numbers are used again. */
function identity(id: number): string {
  try {
    const afterName = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)!
    return `${id} ${afterName.split(' ')[19]}`
  } catch {
    return String(id)
  }
}

function isAlive(owner: string): boolean {
  const id = parseInt(owner)
  return id > 0 && runs(id) && owner.startsWith(`${identity(id)} `)
}
