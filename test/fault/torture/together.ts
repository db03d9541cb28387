/** Processes that do the same at the same moment, and what is there afterwards. The clock of one of them jumps. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../../../src/lib/system/project-root'
import { bundle, programIn } from './bundle'
import { serveSlowly } from './serve-slowly'

/** What processes do at the same moment: see `together-work.ts`. */
export const together = [
  'rows of one table', 'two plans', 'a notebook and a plan', 'saves of one model', 'exports of one model', 'imports of one set',
  'features of the same images', 'downloads of one file', 'set-ups',
] as const
export type Together = (typeof together)[number]

/** `me`: the process's number, from 0; null: look at what is there. */
export interface TogetherTask { kind: Together; folder: string; me: number | null }

export interface TogetherSurvey {
  kind: Together
  rounds: number
  /** Faults of processes, and ends that differ from that of the first round, in words. */
  lost: string[]
}

const jumpingClock = inProject('test', 'fixtures', 'jumping-clock.cjs')

/**
 * Lets two processes, or four for imports, do each kind of work so many times, and then looks at what is there.
 * @param folder an empty one
 * @returns a survey of each kind
 */
export async function surveyTogether(
  rounds: number, folder: string, kinds: readonly Together[] = together,
): Promise<TogetherSurvey[]> {
  mkdirSync(folder, { recursive: true })
  const programs = await bundle({ work: inProject('test', 'fault', 'torture', 'together-work.ts') })
  const crew = [0, 1, 2, 3].map(number => new Member(programIn(programs.folder, 'work'), number % 2 === 1))
  const server = await serveSlowly(folder)
  const ask = (kind: Together, round: number, me: number | null) =>
    crew[me ?? 0].ask({ kind, folder: join(folder, kind, `${round}`), me })
  try {
    const surveys: TogetherSurvey[] = []
    for (const kind of kinds) {
      const survey: TogetherSurvey = { kind, rounds, lost: [] }, members = kind === 'imports of one set' ? crew : crew.slice(0, 2)
      let first: string | null = null
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(members.map((_, me) => ask(kind, round, me)))
        const found = await ask(kind, round, null)
        survey.lost.push(...answers.filter(answer => answer !== 'done').map(answer => `round ${round}: ${answer}`))
        if (found !== (first ??= found) || found.startsWith('fault')) survey.lost.push(`round ${round}: ${found}, first ${first}`)
      }
      surveys.push(survey)
    }
    return surveys
  } finally {
    server.close()
    for (const member of crew) member.end()
    programs.remove()
  }
}

/** A process of the crew. */
class Member {
  private readonly child: ChildProcess
  private readonly ready: Promise<string>

  constructor(program: string, clockJumps: boolean) {
    this.child = fork(program, [], { execArgv: clockJumps ? ['--require', jumpingClock] : [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.ready = this.answer()
  }

  async ask(task: TogetherTask): Promise<string> {
    await this.ready
    if (!this.child.connected) return 'fault: the process has ended'
    this.child.send(task)
    return this.answer()
  }

  end(): void {
    if (this.child.connected) this.child.disconnect()
  }

  private answer(): Promise<string> {
    return new Promise(done => {
      const end = (words: string) => {
        this.child.off('message', end).off('exit', onExit)
        done(words)
      }
      const onExit = (code: number | null) => end(`fault: the process ended with status ${code}`)
      this.child.on('message', end).on('exit', onExit)
    })
  }
}
