/** Damaged files of every kind, read in processes of their own, and what became of them. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { inProject } from '../../../src/lib/system/project-root'
import type { Outcome } from './read-mutants'

/** The kinds of files, each in `samples.ts`. */
export const kinds = [
  'checkpoint', 'own weights', 'card', 'model', 'Keras', 'TensorFlow.js', 'PNG', 'PNG, 16 bits', 'JPEG', 'WebP', 'TIFF',
  'TIFF, packed', 'DICOM', 'zip', 'table', 'records', 'set',
] as const

/** What became of the damaged files of one kind. */
export interface Survey {
  kind: string
  files: number
  refused: number
  /** Read as if they were whole: what was damaged did not matter, or is not checked, such as a grey level. */
  read: number
  /** The greatest processor time of one file in seconds, and the greatest rise of memory in MiB. */
  seconds: number
  memory: number
  /** Files that did harm: a fault without a type, a process that ended or hung, too much time or memory. */
  harmful: { index: number; what: string }[]
}

/** What one file may take: seconds of processor time, MiB. A thread's start and garbage count, too. */
const most = { seconds: 1.5, memory: 64 }
/** After so many seconds without a line, the process hangs. */
const silence = 60

/** Reads damaged files. @param folder an empty one for them */
export async function surveyMutations(kind: string, first: number, count: number, folder: string): Promise<Survey> {
  const survey: Survey = { kind, files: 0, refused: 0, read: 0, seconds: 0, memory: 0, harmful: [] }
  for (let index = first; index < first + count;) index = await readFrom(index, first + count - index)
  return survey

  /** Reads on until a file ends the process. @returns the index after the last file */
  function readFrom(from: number, left: number): Promise<number> {
    return new Promise(done => {
      const program = inProject('test', 'fault', 'torture', 'read-mutants.ts')
      const words = ['--import', 'tsx', program, join(folder, `${kind} ${from}`), kind, String(from), String(left)]
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
      let last: Outcome = { index: from - 1, outcome: 'read' }, hangs = false, timer: NodeJS.Timeout, words2 = ''
      const wait = () => {
        clearTimeout(timer)
        timer = setTimeout(() => { hangs = child.kill('SIGKILL') }, silence * 1000)
      }
      wait()
      child.stderr.on('data', (text: Buffer) => { words2 = (words2 + text.toString()).slice(-500) })
      createInterface({ input: child.stdout }).on('line', line => {
        wait()
        if (!line.startsWith('{"index"')) return
        last = JSON.parse(line) as Outcome
        if (last.outcome !== 'begun') count1(last)
      })
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        const isBroken = last.outcome === 'begun' || last.index < from
        if (isBroken) survey.harmful.push({
          index: Math.max(last.index, from), what: hangs ? 'it is read for ever' : `it ended the process (${signal ?? code}) ${words2}`,
        })
        done(isBroken ? Math.max(last.index, from) + 1 : last.index + 1)
      })
    })
  }

  function count1({ index, outcome, message, seconds = 0, memory = 0 }: Outcome): void {
    survey.files++
    if (outcome === 'refused') survey.refused++
    if (outcome === 'read') survey.read++
    survey.seconds = Math.max(survey.seconds, seconds)
    survey.memory = Math.max(survey.memory, memory)
    if (outcome === 'fault') survey.harmful.push({ index, what: `a fault without a type: ${message}` })
    if (seconds > most.seconds) survey.harmful.push({ index, what: `${seconds.toFixed(1)} s` })
    if (memory > most.memory) survey.harmful.push({ index, what: `${Math.round(memory)} MiB` })
  }
}
