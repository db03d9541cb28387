/** A contender's protocol: a line of JSON in, a line of JSON out. python/serve.py is the same in Python. */
import { createInterface } from 'node:readline'
import type { Measured, Ready, Task } from './task'

/** A contender that has been set up for a task. */
export interface Work {
  /** Numbers to compare with those of other contenders. */
  outputs: Readonly<Record<string, readonly number[]>>
  version: string
  /** Runs the task so many times. */
  measure(times: number): Measured | Promise<Measured>
  /** Removes files that the contender has written. */
  close?(): Promise<void>
}

/** Tells why a contender cannot run on this machine. */
export class Unavailable extends Error {}

/**
 * Sets up for the task on the first line, and measures for each further line, until the input is closed. An error ends
 * the process; the benchmark shows its message.
 */
export function serve(setUp: (task: Task) => Promise<Work>): void {
  answerLines(setUp).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}

async function answerLines(setUp: (task: Task) => Promise<Work>): Promise<void> {
  const answer = (values: Ready | Measured) => process.stdout.write(`${JSON.stringify(values)}\n`)
  let work: Work | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    if (work) {
      answer(await work.measure((JSON.parse(line) as { times: number }).times))
      continue
    }
    try {
      work = await setUp(JSON.parse(line) as Task)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      return void answer({ unavailable: error.message })
    }
    answer({ outputs: work.outputs, version: work.version })
  }
  await work?.close?.()
}

/** Makes a `measure` that times each call of `run`. */
export function timed(run: () => unknown): (times: number) => Promise<Measured> {
  return async times => {
    const ms: number[] = []
    for (let i = 0; i < times; i++) {
      const begun = performance.now()
      await run()
      ms.push(performance.now() - begun)
    }
    return { ms }
  }
}
