/** Contenders measured in turns: A B C, A B C, …, so that a machine that slows down does so for all. */
import { setTimeout as pause } from 'node:timers/promises'
import { compareOutputs } from './agreement'
import { Contender, type ContenderName } from './contender'
import { deviceInUse } from './device'
import { loadOfOthers } from './machine'
import type { Turns } from './result'
import type { Task } from './task'

export interface Contest {
  task: Task
  contenders: readonly ContenderName[]
  threads: number
  rounds: number
  /** Runs of a contender's turn. */
  timesOf: (contender: ContenderName) => number
  /** Told who is at it. */
  onTurn?(contender: ContenderName, round: number): void
  say(words: string): void
}

/** Some libraries' threads go on spinning for a while after a turn. Milliseconds. */
const settle = 100

/** Above this share of the processors, other programs spoil the comparison: not all contenders suffer alike. */
const tolerable = 0.05

/** Sets all contenders up, compares what they compute, and measures them in turns. */
export async function contest({ task, contenders, threads, rounds, timesOf, onTurn, say }: Contest): Promise<Turns[]> {
  const started: Contender[] = []
  try {
    for (const name of contenders) {
      onTurn?.(name, 0)
      const contender = await Contender.start(name, task, threads, say)
      if (contender) started.push(contender)
    }
    compareOutputs(started.map(({ name, ready }) => ({ name, ...ready })), deviceInUse() === 'card')
    const othersLoad = await loadOfOthers(threads)
    if (othersLoad !== null && othersLoad > tolerable)
      say(`Other programs take ${Math.round(100 * othersLoad)} % of these processors: do not trust what follows.`)
    const records = started.map(contender => ({ contender, turns: [] as Turn[] }))
    for (let round = 1; round <= rounds; round++)
      for (const { contender, turns } of records) {
        onTurn?.(contender.name, round)
        await pause(settle)
        const { ms, tensors } = await contender.measure(timesOf(contender.name))
        turns.push({ ms, tensors, ...contender.memory() })
      }
    return records.map(({ contender, turns }) => ({ ...summed(contender, turns), othersLoad }))
  } finally {
    await Promise.all(started.map(contender => contender.close()))
  }
}

interface Turn {
  ms: readonly number[]
  tensors?: number
  peakMB?: number
  residentMB?: number
}

function summed({ name, ready }: Contender, turns: readonly Turn[]): Omit<Turns, 'othersLoad'> {
  const ends = (key: 'tensors' | 'residentMB') => {
    const first = turns[0][key], last = turns[turns.length - 1][key]
    return first === undefined || last === undefined ? null : [first, last] as const
  }
  return {
    contender: name, version: ready.version, ms: turns.flatMap(turn => turn.ms),
    peakMB: turns[turns.length - 1].peakMB ?? null, residentMB: ends('residentMB'), tensors: ends('tensors'),
  }
}
