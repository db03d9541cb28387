/** What the benchmark runs on. */
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { spawnSync } from 'node:child_process'

export interface Machine {
  processor: string
  cores: number
  memoryGB: number
  system: string
  node: string
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? arch(),
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
  }
}

let processors: number[] | undefined

/** Numbers of the processors that programs can be bound to; none where the system has no `taskset`. */
export function allowedProcessors(): number[] {
  return (processors ??= spawnSync('taskset', ['-V']).status === 0 ? fromKernel() : [])
}

/** The kernel writes '0-3,6'. */
function fromKernel(): number[] {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return list.split(',').filter(Boolean).flatMap(part => {
    const [first, last] = part.split('-').map(Number)
    return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i)
  })
}
