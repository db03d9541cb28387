/** A process beside this one that carries runs out, one after the other. */
import { fork, type ChildProcess } from 'node:child_process'
import { LabError, type ErrorCode, type ErrorParts } from '../../system/errors'
import { inProject } from '../../system/project-root'
import type { RunProgress } from '../progress'
import type { Job, JobEvent } from './carrier'
import type { Lane } from './lane'

/** A message to the process. */
export type ToProcess = { kind: 'run'; job: Job } | { kind: 'cancel' }

/** A message from the process. */
export type FromProcess =
  | { kind: 'progress'; progress: RunProgress }
  | { kind: 'ended'; finished: boolean }
  | { kind: 'failed'; fault: { code?: ErrorCode; message: string } & Partial<ErrorParts> }

/** The process starts with its first run, and starts again for the next run where it has died. */
export class RunProcess implements Lane {
  private child: ChildProcess | null = null

  constructor(private readonly threads: number) {}

  run(job: Job, signal: AbortSignal, tell: (event: JobEvent) => void): Promise<boolean> {
    const child = this.child ??= this.begin()
    return new Promise<boolean>((resolve, reject) => {
      const cancel = () => this.tell({ kind: 'cancel' })
      const settle = (end: () => void) => {
        signal.removeEventListener('abort', cancel)
        child.off('message', onMessage).off('exit', onExit)
        end()
      }
      const onMessage = (message: FromProcess) => {
        if (message.kind === 'progress') tell({ kind: 'progress', job: job.name, progress: message.progress })
        else if (message.kind === 'ended') settle(() => resolve(message.finished))
        else settle(() => reject(revived(message.fault)))
      }
      const onExit = (code: number | null, killedBy: string | null) => settle(() => {
        this.child = null
        reject(new LabError('worker-failed', {
          expected: `the process of ${job.name} to finish it`,
          received: killedBy ? `that ${killedBy} ended it` : `exit code ${code}`,
          remedy: 'Run the same command again: the run goes on from its checkpoint. Use fewer workers where memory ran out',
        }))
      })
      child.on('message', onMessage).on('exit', onExit)
      signal.addEventListener('abort', cancel)
      this.tell({ kind: 'run', job })
    })
  }

  close(): void {
    // The process ends by itself as soon as the connection is gone.
    if (this.child?.connected) this.child.disconnect()
  }

  private begin(): ChildProcess {
    // The engine of this process has set its own number of threads, which must not pass to the other process.
    const { TF_NUM_INTRAOP_THREADS: _, ...env } = process.env
    return fork(inProject('scripts', 'experiment', 'run-process.ts'), [], {
      execArgv: ['--import', 'tsx'], cwd: inProject(), env: { ...env, LAB_THREADS: String(this.threads) },
    })
  }

  private tell(message: ToProcess): void {
    if (this.child?.connected) this.child.send(message)
  }
}

function revived({ code, message, expected, received, remedy }: Extract<FromProcess, { kind: 'failed' }>['fault']): Error {
  return code && expected !== undefined && received !== undefined && remedy !== undefined
    ? new LabError(code, { expected, received, remedy }) : new Error(message)
}
