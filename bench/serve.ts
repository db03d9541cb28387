/** How a contender is talked to: one line of JSON in, one line of JSON out; see python/serve.py. */
import { createInterface } from 'node:readline'
import type { Measured, Ready, Task } from './task'

/** A contender that has been set up for a task. */
export interface Work {
  /** Numbers to compare with other contenders'. */
  outputs: Readonly<Record<string, readonly number[]>>
  version: string
  /** Runs so many times. */
  measure(times: number): Measured | Promise<Measured>
  /** Removes what it has left on disk. */
  close?(): Promise<void>
}

/** Why a contender cannot run here. */
export class Unavailable extends Error {}

/**
 * Sets up for the first line's task and measures for each further line, until the line is closed. A fault ends the
 * process: its message goes to the benchmark.
 */
export function serve(setUp: (task: Task) => Promise<Work>): void {
  answerLines(setUp).catch((fault: unknown) => {
    console.error(fault instanceof Error ? fault.message : fault)
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
    } catch (fault) {
      if (!(fault instanceof Unavailable)) throw fault
      return void answer({ unavailable: fault.message })
    }
    answer({ outputs: work.outputs, version: work.version })
  }
  await work?.close?.()
}

/** A `measure` that times each call of `run`. */
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
