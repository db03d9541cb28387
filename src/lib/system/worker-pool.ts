/** JavaScript threads beside the main one. Each runs one of the library's files whose names end in `-worker`. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parentPort, Worker } from 'node:worker_threads'
import { LabError, type ErrorCode, type ErrorParts } from './errors'

interface Question<Task> {
  id: number
  task: Task
}

type Reply<Result> = { id: number; result: Result } | { id: number; fault: Fault }

/** A fault as plain data: a LabError's parts, or another error's message. */
type Fault = (ErrorParts & { code: ErrorCode }) | { message: string }

/**
 * Some threads of one kind. Close it after use: until then the process goes on.
 * @example const pool = new WorkerPool<ResizeTask, Uint8Array>('data/resize-worker', 2)
 */
export class WorkerPool<Task, Result> {
  private readonly threads: Thread<Task, Result>[]

  /**
   * @param file the file in this folder that serves, without its ending
   * @param count how many threads, at least 1
   */
  constructor(file: string, count: number) {
    this.threads = Array.from({ length: count }, () => new Thread<Task, Result>(start(file)))
  }

  /**
   * Gives a task to the thread with the least to do.
   * @throws the fault that the task ended with; LabError 'worker-failed' if its thread ended
   */
  ask(task: Task): Promise<Result> {
    return this.threads.reduce((a, b) => (b.load < a.load ? b : a)).ask(task)
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map(thread => thread.close()))
  }
}

class Thread<Task, Result> {
  private readonly waiting = new Map<number, { resolve(result: Result): void; reject(fault: Error): void }>()
  private asked = 0
  private ended: LabError | null = null

  constructor(private readonly worker: Worker) {
    worker.on('message', (reply: Reply<Result>) => this.settle(reply))
    worker.on('error', ({ message }) => this.end(message))
    worker.on('exit', code => this.end(`its end with exit code ${code}`))
  }

  /** Tasks given and not answered. */
  get load(): number {
    return this.waiting.size
  }

  ask(task: Task): Promise<Result> {
    if (this.ended) return Promise.reject(this.ended)
    const question: Question<Task> = { id: this.asked++, task }
    return new Promise((resolve, reject) => {
      this.waiting.set(question.id, { resolve, reject })
      this.worker.postMessage(question)
    })
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private settle(reply: Reply<Result>): void {
    const { resolve, reject } = this.waiting.get(reply.id)!
    this.waiting.delete(reply.id)
    if ('fault' in reply) reject(revived(reply.fault))
    else resolve(reply.result)
  }

  private end(reason: string): void {
    this.ended ??= new LabError('worker-failed', {
      expected: 'a thread that prepares images to go on', received: reason,
      remedy: 'Run again; with LAB_WORKERS=0 everything happens in the main thread',
    })
    for (const { reject } of this.waiting.values()) reject(this.ended)
    this.waiting.clear()
  }
}

/**
 * In a thread: answers each task with what `work` makes of it. An array over shared memory arrives uncopied, any other
 * as a copy. None is transferred: once a thread has given an array's memory away, V8 has it check every array for
 * that at every access, and decoding takes a quarter longer.
 */
export function serve<Task, Result>(work: (task: Task) => Result | Promise<Result>): void {
  parentPort!.on('message', async ({ id, task }: Question<Task>) => {
    try {
      parentPort!.postMessage({ id, result: await work(task) })
    } catch (error) {
      parentPort!.postMessage({ id, fault: plain(error) })
    }
  })
}

/**
 * How many threads are to prepare images beside the main one, by the environment's LAB_WORKERS; undefined where it says
 * nothing. Results do not depend on it.
 * @throws LabError 'bad-argument' where it says something else than a whole number from 0 to 64
 */
export function requestedWorkers(): number | undefined {
  const wanted = process.env.LAB_WORKERS
  if (wanted === undefined) return undefined
  if (/^\d+$/.test(wanted) && Number(wanted) <= 64) return Number(wanted)
  throw new LabError('bad-argument', {
    expected: 'LAB_WORKERS to be a whole number from 0 to 64', received: JSON.stringify(wanted),
    remedy: 'Change it, or leave it out',
  })
}

function start(file: string): Worker {
  if (!__filename.endsWith('.ts')) return new Worker(join(__dirname, `${file}.cjs`))
  // From source, as tests and programs run it: tsx reads TypeScript in the thread too.
  const files = [createRequire(__filename).resolve('tsx/cjs'), join(__dirname, '..', `${file}.ts`)]
  return new Worker(files.map(path => `require(${JSON.stringify(path)})`).join('\n'), { eval: true })
}

function plain(error: unknown): Fault {
  if (!(error instanceof LabError)) return { message: error instanceof Error ? error.message : String(error) }
  const { code, expected, received, remedy } = error
  return { code, expected, received, remedy }
}

function revived(fault: Fault): Error {
  return 'code' in fault ? new LabError(fault.code, fault) : new Error(fault.message)
}
