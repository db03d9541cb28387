/** The machine and the commit that the benchmark runs on. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { cardInUse, type Device } from './device'

export interface Machine {
  processor: string
  cores: number
  memoryGB: number
  system: string
  node: string
  /** The graphics card that this library computes on, and with which precision; absent on a processor. */
  card?: string
}

export function describeMachine(): Machine {
  const card = cardInUse()
  return {
    processor: cpus()[0]?.model.trim() ?? arch(),
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    ...(card !== undefined && { card }),
  }
}

/** The device that this library computed on. */
export function deviceOf({ card }: Machine): Device {
  return card === undefined ? 'processor' : 'card'
}

/** Short hash of the commit that is checked out, with '+' if tracked files differ from it; '' outside git. */
export function commitOf(folder: string): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--exclude=*', '--dirty=+'],
    { cwd: folder, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : ''
}

let processors: number[] | undefined

/** Numbers of the processors that programs can be bound to; none if the system has no `taskset`. */
export function allowedProcessors(): number[] {
  return (processors ??= spawnSync('taskset', ['-V']).status === 0 ? fromKernel() : [])
}

/** Reads the list that the kernel writes, such as '0-3,6'. */
function fromKernel(): number[] {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return list.split(',').filter(Boolean).flatMap(part => {
    const [first, last] = part.split('-').map(Number)
    return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i)
  })
}

/**
 * The share of the first processors that other programs use, 0 to 1, measured over a second in which the benchmark
 * rests. Null if the system does not report it.
 */
export async function loadOfOtherPrograms(count: number): Promise<number | null> {
  if (!existsSync('/proc/stat')) return null
  const chosen = allowedProcessors().slice(0, count)
  const before = processorTimes(chosen)
  await pause(1000)
  const after = processorTimes(chosen)
  const all = after.all - before.all
  return all > 0 ? 1 - (after.idle - before.idle) / all : null
}

/** Ticks since the system started, for the processors chosen; for all without a choice. */
function processorTimes(chosen: readonly number[]): { all: number; idle: number } {
  const names = chosen.length ? chosen.map(number => `cpu${number}`) : ['cpu']
  const lines = readFileSync('/proc/stat', 'utf8').split('\n').map(line => line.split(/\s+/))
  const ticks = lines.filter(([name]) => names.includes(name)).map(([, ...fields]) => fields.slice(0, 8).map(Number))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  // The fourth number is idle time, the fifth waiting for a disk.
  return { all: sum(ticks.map(sum)), idle: sum(ticks.map(times => times[3] + times[4])) }
}
