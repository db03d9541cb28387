/** Work on failing disks: every kind, with every fault, and what was lost. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inProject } from '../../../src/lib/system/project-root'

/** What a disk can do: see disk-faults.c. */
export const diskFaults = ['full', 'short', 'fault', 'gone', 'denied'] as const
export type DiskFault = (typeof diskFaults)[number]

/** What became of the work when the fault began at one call. */
export interface DiskOutcome {
  kind: string
  fault: DiskFault
  /** From 1 on. */
  call: number
  /** 'refused' with a typed error, or 'done'; in either case all that was found afterwards was whole. */
  outcome: 'refused' | 'done' | 'lost'
  /** Whether a notice was given. */
  noticed: boolean
  /** What was lost, in words, or the error. */
  words: string
}

/** What became of one kind of work with one fault. */
export interface DiskSurvey {
  kind: string
  fault: DiskFault
  /** At how many calls the fault began, each time in a trial of its own. */
  calls: number
  /** Trials that ended in a typed error, and trials that went on to the right end. */
  refused: number
  done: number
  /** How many trials gave a notice. */
  noticed: number
  /** What was lost or half-written, in words. */
  lost: string[]
}

/**
 * Compiles disk-faults.c.
 * @param folder for the compiled file
 * @returns its path; null where this system is not Linux, or has no compiler
 */
export function compileFaults(folder: string): string | null {
  if (process.platform !== 'linux') return null
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'disk-faults.so'), source = inProject('test', 'fault', 'torture', 'disk-faults.c')
  const { status } = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-Wall', '-Werror', '-o', path, source, '-ldl'], { stdio: 'inherit' })
  return status === 0 ? path : null
}

/**
 * Carries out every kind of work with every fault, in a process of its own.
 * @param extent 'all': the fault begins at each call in turn; 'few': at one call of each kind, and not of slow ones
 * @param faults what `compileFaults` gave
 * @param folder an empty one in the project or the temporary folder
 */
export function surveyDisk(extent: 'few' | 'all', faults: string, folder: string): Promise<DiskSurvey[]> {
  const surveys = new Map<string, DiskSurvey>()
  mkdirSync(folder, { recursive: true })
  return new Promise((done, fail) => {
    const program = inProject('test', 'fault', 'torture', 'disk-run.ts')
    const words = ['--import', 'tsx', program, folder, extent]
    const env = { ...process.env, LD_PRELOAD: faults, LAB_THREADS: '1', LAB_WORKERS: '0', TF_CPP_MIN_LOG_LEVEL: '2' }
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env })
    let complaint = ''
    child.stderr.on('data', (text: Buffer) => { complaint = (complaint + text.toString()).slice(-1000) })
    createInterface({ input: child.stdout }).on('line', line => {
      if (!line.startsWith('{"kind"')) return
      const outcome = JSON.parse(line) as DiskOutcome, { kind, fault } = outcome, key = `${kind} ${fault}`
      const survey = surveys.get(key) ?? { kind, fault, calls: 0, refused: 0, done: 0, noticed: 0, lost: [] }
      surveys.set(key, survey)
      note(survey, outcome)
    })
    child.on('close', (code, signal) => code === 0 ? done([...surveys.values()])
      : fail(new Error(`the process ended (${signal ?? code}): ${complaint}`)))
  })
}

function note(survey: DiskSurvey, { call, outcome, noticed, words }: DiskOutcome): void {
  survey.calls++
  if (noticed) survey.noticed++
  if (outcome === 'lost') survey.lost.push(`call ${call}: ${words}`)
  else survey[outcome]++
}
