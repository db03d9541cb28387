/** Damaged files of every kind, read in processes of their own, and what became of them. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { dataTable, toText } from '../../../src/lib/display/tables'
import { inProject } from '../../../src/lib/system/project-root'
import { craftedFiles } from './crafted/lists'
import type { Outcome, Task } from './read-mutants'
import { samples } from './samples'

/** The kinds of files that are damaged at random, each in `samples.ts`. */
export const kinds: readonly string[] = [...samples.keys()]

/** Kinds of files that are made by hand, each file for an idea, in `crafted/`. The last takes half a minute. */
export const craftedKinds: readonly string[] = [...craftedFiles.keys()]

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
const most = { seconds: 1, memory: 64 }
/** After so many seconds without a line, the process hangs. */
const silence = 60

/** Damaged files: `count` of each kind, from the number `first` on. */
export function mutations(first: number, count: number): Task[] {
  return kinds.map(kind => ({ kind, first, count }))
}

/** The files that are made by hand, of some kinds. */
export function crafted(which: readonly string[] = craftedKinds): Task[] {
  return which.map(kind => ({ kind, first: 0, count: craftedFiles.get(kind)!.length }))
}

/** Reads files. @param folder an empty one for them */
export async function readHarmful(tasks: readonly Task[], folder: string): Promise<Survey[]> {
  const surveys = new Map(tasks.map(({ kind }) => [kind,
    { kind, files: 0, refused: 0, read: 0, seconds: 0, memory: 0, harmful: [] } as Survey]))
  let left = [...tasks]
  for (let round = 0; left.length; round++) {
    const broken = await readUntilBroken(left, join(folder, `${round}`),
      outcome => note(surveys.get(outcome.kind)!, outcome))
    if (!broken) break
    const { kind, index, what } = broken
    note(surveys.get(kind)!, { kind, index, outcome: 'fault', message: what })
    // The file after the one that ended the process is the next.
    const at = left.findIndex(task => task.kind === kind), task = left[at]
    const rest = { kind, first: index + 1, count: task.first + task.count - index - 1 }
    left = [...(rest.count > 0 ? [rest] : []), ...left.slice(at + 1)]
  }
  return [...surveys.values()]
}

/** What became of each kind, a line each: all of them, since any may be the one that harms. */
export function surveysText(surveys: readonly Survey[]): string {
  return toText(dataTable('mutations', 'Damaged files', surveys.map(({ harmful, seconds, memory, ...survey }) =>
    ({ ...survey, 'most seconds': seconds, 'most MiB': Math.round(memory), harmful: harmful.length }))), Infinity)
}

interface Broken { kind: string; index: number; what: string }

/** @returns the file that ended or hung the process; null where all were read */
function readUntilBroken(
  tasks: readonly Task[], folder: string, tell: (outcome: Outcome) => void,
): Promise<Broken | null> {
  return new Promise(done => {
    const program = inProject('test', 'fault', 'torture', 'read-mutants.ts')
    const words = ['--import', 'tsx', program, folder, ...tasks.map(task => JSON.stringify(task))]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let last: Outcome = { kind: tasks[0].kind, index: tasks[0].first, outcome: 'begun' }
    let hangs = false, timer: NodeJS.Timeout, complaint = ''
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => { hangs = child.kill('SIGKILL') }, silence * 1000)
    }
    wait()
    child.stderr.on('data', (text: Buffer) => { complaint = (complaint + text.toString()).slice(-500) })
    createInterface({ input: child.stdout }).on('line', line => {
      wait()
      if (!line.startsWith('{"kind"')) return
      last = JSON.parse(line) as Outcome
      if (last.outcome !== 'begun') tell(last)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const what = hangs ? 'it is read for ever' : `it ended the process (${signal ?? code}) ${complaint}`
      done(code === 0 ? null : { kind: last.kind, index: last.outcome === 'begun' ? last.index : last.index + 1, what })
    })
  })
}

function note(survey: Survey, { index, outcome, message, seconds = 0, memory = 0 }: Outcome): void {
  survey.files++
  if (outcome === 'refused') survey.refused++
  if (outcome === 'read') survey.read++
  survey.seconds = Math.max(survey.seconds, seconds)
  survey.memory = Math.max(survey.memory, memory)
  if (outcome === 'fault') survey.harmful.push({ index, what: `no typed error: ${message}` })
  if (seconds > most.seconds) survey.harmful.push({ index, what: `${seconds.toFixed(1)} s` })
  if (memory > most.memory) survey.harmful.push({ index, what: `${Math.round(memory)} MiB` })
}
