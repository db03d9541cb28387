/** Measures contenders in turns, A B C, A B C, …, so that a machine that slows down slows all of them. */
import { setTimeout as pause } from 'node:timers/promises'
import { compareOutputs } from './agreement'
import { Contender, isMixed, type ContenderName } from './contender'
import { deviceInUse } from './device'
import { loadOfOtherPrograms } from './machine'
import type { LeftOut, Turns } from './result'
import type { Measured, Task } from './task'

export interface Contest {
  task: Task
  contenders: readonly ContenderName[]
  threads: number
  rounds: number
  /** The number of runs in a contender's turn. */
  timesOf: (contender: ContenderName) => number
  /** Called before each turn; round 0 is the set-up. */
  onTurn?(contender: ContenderName, round: number): void
  say(text: string): void
}

/** A pause after each turn, because some libraries' threads spin on for a while. Milliseconds. */
const settle = 100

/** If other programs use more than this share of the processors, they spoil the comparison. */
const highestLoad = 0.05

/** What was measured, and which contenders cannot run on this machine. */
export interface Contested {
  turns: Turns[]
  leftOut: Pick<LeftOut, 'contender' | 'reason'>[]
}

/** Sets all contenders up, compares what they compute, and measures them in turns. */
export async function contest(
  { task, contenders, threads, rounds, timesOf, onTurn, say }: Contest,
): Promise<Contested> {
  const started: Contender[] = [], leftOut: Contested['leftOut'] = []
  try {
    for (const name of contenders) {
      onTurn?.(name, 0)
      const contender = await Contender.start(name, task, threads, reason => {
        leftOut.push({ contender: name, reason })
        say(`${name} is left out: ${reason}`)
      })
      if (contender) started.push(contender)
    }
    compareOutputs(started.map(({ name, ready }) => ({ name, ...ready, mixed: isMixed(name) })), deviceInUse() === 'card')
    const othersLoad = await loadOfOtherPrograms(threads)
    if (othersLoad !== null && othersLoad > highestLoad)
      say(`Other programs use ${Math.round(100 * othersLoad)} % of these processors: do not trust the times below.`)
    const records = started.map(contender => ({ contender, turns: [] as Turn[] }))
    for (let round = 1; round <= rounds; round++)
      for (const { contender, turns } of records) {
        onTurn?.(contender.name, round)
        await pause(settle)
        const measured = await contender.measure(timesOf(contender.name))
        turns.push({ ...measured, ...contender.memory() })
      }
    return { turns: records.map(({ contender, turns }) => ({ ...summary(contender, turns), othersLoad })), leftOut }
  } finally {
    await Promise.all(started.map(contender => contender.close()))
  }
}

interface Turn extends Measured {
  peakMB?: number
  residentMB?: number
  cardMB?: number
}

function summary({ name, ready }: Contender, turns: readonly Turn[]): Omit<Turns, 'othersLoad'> {
  const first = turns[0], last = turns[turns.length - 1]
  const ends = (key: 'tensors' | 'residentMB') => {
    const before = first[key], after = last[key]
    return before === undefined || after === undefined ? null : [before, after] as const
  }
  return {
    contender: name, version: ready.version, ms: turns.flatMap(turn => turn.ms),
    peakMB: last.peakMB ?? null, residentMB: ends('residentMB'), tensors: ends('tensors'),
    calls: last.calls, cardMB: last.cardMB,
  }
}
