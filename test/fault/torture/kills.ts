/** Work that is killed at random moments, and whether a fresh process comes to the same end. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../../../src/lib/system/project-root'
import { stream } from '../../../src/lib/system/random'
import { bundle, programIn } from './bundle'
import { serveSlowly } from './serve-slowly'
import { victims, type Victim, type Work } from './works'

/** What became of one kind of work. */
export interface KillSurvey {
  work: Work
  kills: number
  /** Ends that differ from the straight run's, or that were errors, in words. */
  lost: string[]
}

interface Ended { killed: boolean; hash: string | null; seconds: number; words: string }

/** A kill: seconds after the work has begun, and whom it ends. */
interface Kill { after: number; victim: Victim }

/** The programs that carry the work out, in a folder to be removed after use. */
export function killedPrograms(): ReturnType<typeof bundle> {
  const work = inProject('test', 'fault', 'torture', 'work.ts')
  return bundle({ work, 'data-command': inProject('scripts', 'data.ts') })
}

/**
 * Runs the work once without a kill, and then in a fresh folder, killed at so many random moments.
 * @param folder an empty one
 * @param programs the folder that `killedPrograms` gives
 */
export async function surveyKills(work: Work, kills: number, folder: string, programs: string): Promise<KillSurvey> {
  const survey: KillSurvey = { work, kills: 0, lost: [] }
  mkdirSync(folder, { recursive: true })
  const server = work === 'a download' ? await serveSlowly(folder) : null
  const run = (name: string, kill?: Kill) => carryOut([programIn(programs, 'work'), work, join(folder, name)], kill)
  try {
    const straight = await run('straight')
    if (straight.hash === null) return { ...survey, lost: [`the straight run failed: ${straight.words}`] }
    const random = stream(`kills of ${work}`), ofWork = victims(work)
    for (let round = 0; survey.kills < kills; round++) {
      // One life may be killed several times; then it may end.
      const most = ofWork.length > 1 ? ofWork.length : 2 + random.integer(2)
      for (let times = 0; times < most && survey.kills < kills; times++) {
        const kill = { after: random.between(0, 1) * straight.seconds, victim: ofWork[survey.kills % ofWork.length] }
        const { killed } = await run(`${round}`, kill)
        if (!killed) break
        survey.kills++
      }
      const { hash, words } = await run(`${round}`)
      if (hash !== straight.hash) survey.lost.push(`round ${round}: ${hash === null ? words : 'another result'}`)
    }
    return survey
  } finally {
    server?.close()
  }
}

function carryOut(words: readonly string[], kill?: Kill): Promise<Ended> {
  return new Promise(done => {
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let out = '', error = '', begun = NaN, killed = false
    // The process has a group of its own, so that no signal of this one's terminal reaches it.
    const leave = () => end(child, 'all processes')
    process.once('exit', leave)
    child.stdout.on('data', (text: Buffer) => {
      if (Number.isNaN(begun)) {
        begun = performance.now()
        if (kill) setTimeout(() => { killed = end(child, kill.victim) }, kill.after * 1000)
      }
      out += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => { error = (error + text.toString()).slice(-1000) })
    const settle = (code: number | null) => {
      process.off('exit', leave)
      done({
        killed, hash: code === 0 ? /^[0-9a-f]{64}$/m.exec(out)?.[0] ?? null : null,
        seconds: (performance.now() - begun) / 1000, words: error || out.slice(-1000),
      })
    }
    // The next process begins while those that a killed one has started still save their work.
    child.on('exit', (code, signal) => { if (signal === 'SIGKILL') settle(code) })
    child.on('close', settle)
  })
}

/** @returns whether there was a process to end */
function end(child: ChildProcess, victim: Victim): boolean {
  if (child.exitCode !== null || child.signalCode !== null) return false
  switch (victim) {
    case 'the first process': return child.kill('SIGKILL')
    case 'all processes': return process.kill(-child.pid!, 'SIGKILL')
    case 'a worker': {
      const [worker] = startedBy(child.pid!)
      return worker !== undefined && process.kill(worker, 'SIGKILL')
    }
  }
}

/** The numbers of the processes that a process has started. */
function startedBy(id: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map(line => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === id).map(([child]) => child)
}
