/** Threads beside the main one. Each runs one of the library's files whose names end in `-worker`. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parentPort, Worker } from 'node:worker_threads'
import { LabError, type ErrorCode, type ErrorParts } from './errors'
import { variable } from './variable'

interface Question<Task> {
  id: number
  task: Task
}

type Reply<Result> = { id: number; result: Result } | { id: number; error: PlainError }

/** An error as plain data, which can be sent to another thread: the parts of a LabError, or a message. */
type PlainError = (ErrorParts & { code: ErrorCode }) | { message: string }

/**
 * Threads that do the same kind of task. Close the pool after use: the process does not end before.
 * @example const pool = new WorkerPool<ResizeTask, Uint8Array>('data/resize-worker', 2)
 */
export class WorkerPool<Task, Result> {
  private readonly threads: Thread<Task, Result>[]

  /**
   * @param file the file that the threads run: its path in the library, without its ending
   * @param count how many threads, at least 1
   */
  constructor(file: string, count: number) {
    this.threads = Array.from({ length: count }, () => new Thread<Task, Result>(start(file)))
  }

  /**
   * Gives a task to the thread with the fewest unanswered tasks.
   * @throws the error that the task ended with; LabError 'worker-failed' if the thread ended
   */
  ask(task: Task): Promise<Result> {
    return this.threads.reduce((a, b) => (b.load < a.load ? b : a)).ask(task)
  }

  /** Ends the threads, even within a task. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map(thread => thread.close()))
  }

  /** Whether the process waits for the threads; by default it does. Threads that wait for tasks need not hold it. */
  hold(process: boolean): void {
    for (const thread of this.threads) thread.hold(process)
  }
}

class Thread<Task, Result> {
  private readonly waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>()
  private questions = 0
  private ended: LabError | null = null

  constructor(private readonly worker: Worker) {
    worker.on('message', (reply: Reply<Result>) => this.settle(reply))
    worker.on('error', ({ message }) => this.end(message))
    worker.on('exit', code => this.end(`its end with exit code ${code}`))
  }

  /** Unanswered tasks. */
  get load(): number {
    return this.waiting.size
  }

  ask(task: Task): Promise<Result> {
    if (this.ended) return Promise.reject(this.ended)
    const question: Question<Task> = { id: this.questions++, task }
    return new Promise((resolve, reject) => {
      this.waiting.set(question.id, { resolve, reject })
      this.worker.postMessage(question)
    })
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  hold(process: boolean): void {
    if (process) this.worker.ref()
    else this.worker.unref()
  }

  private settle(reply: Reply<Result>): void {
    const { resolve, reject } = this.waiting.get(reply.id)!
    this.waiting.delete(reply.id)
    if ('error' in reply) reject(revived(reply.error))
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
 * In a thread: answers each task with the result of `work`. An array over shared memory arrives uncopied, every other
 * array as a copy. No array is transferred: once a thread has given an array's memory away, V8 checks every array for
 * that at every access, and decoding takes a quarter longer.
 */
export function serve<Task, Result>(work: (task: Task) => Result | Promise<Result>): void {
  parentPort!.on('message', async ({ id, task }: Question<Task>) => {
    try {
      parentPort!.postMessage({ id, result: await work(task) })
    } catch (error) {
      parentPort!.postMessage({ id, error: plain(error) })
    }
  })
}

/**
 * How many threads prepare images beside the main one, as the environment variable LAB_WORKERS asks; undefined without
 * it. Results do not depend on the number.
 * @throws LabError 'bad-argument' for anything but a whole number from 0 to 64
 */
export function requestedWorkers(): number | undefined {
  const requested = variable('LAB_WORKERS')
  return requested === undefined ? undefined : Number(requested)
}

function start(file: string): Worker {
  if (!__filename.endsWith('.ts')) return new Worker(join(__dirname, `${file}.cjs`))
  // From the TypeScript source, as in tests and scripts: tsx translates it in the thread, too.
  const files = [createRequire(__filename).resolve('tsx/cjs'), join(__dirname, '..', `${file}.ts`)]
  return new Worker(files.map(path => `require(${JSON.stringify(path)})`).join('\n'), { eval: true })
}

function plain(error: unknown): PlainError {
  if (!(error instanceof LabError)) return { message: error instanceof Error ? error.message : String(error) }
  const { code, expected, received, remedy } = error
  return { code, expected, received, remedy }
}

function revived(error: PlainError): Error {
  return 'code' in error ? new LabError(error.code, error) : new Error(error.message)
}
