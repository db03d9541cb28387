/** The device on which this library computes; PyTorch computes on the same one. */
import { spawnSync } from 'node:child_process'
import { cardName, type EngineDescription } from '../src/lib/engine/tensor'
import { inProject, projectRoot } from '../src/lib/system/project-root'

export type Device = 'card' | 'processor'

let found: EngineDescription | null | undefined

/** The device of the engine in use. */
export function deviceInUse(): Device {
  return engineHere()?.engine === 'gpu' ? 'card' : 'processor'
}

/** The graphics card that the engine in use computes on, and how; undefined on a processor. */
export function cardInUse(): string | undefined {
  const { engine, card } = engineHere() ?? {}
  return engine === 'gpu' ? card ? cardName(card) : 'a card that is not known' : undefined
}

/**
 * The engine in use; null if there is none. Another process loads it and tells, because an engine sets environment
 * variables, which contenders would inherit.
 */
function engineHere(): EngineDescription | null {
  return found === undefined ? (found = askEngine()) : found
}

function askEngine(): EngineDescription | null {
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', inProject('scripts', 'command', 'describe.ts'), '--engine'],
    { cwd: projectRoot, encoding: 'utf8' })
  return (JSON.parse(stdout) as { engine: EngineDescription | null }).engine
}

/**
 * Memory of a process on the graphics card in megabytes; undefined if nvidia-smi does not tell, which is so in most
 * containers.
 */
export function cardMemoryOf(process: number): number | undefined {
  return memoryIn(nvidiaSmi('--query-compute-apps=pid,used_memory'), process)
}

/** A process's memory in nvidia-smi's lines, such as '4711, 1234'. */
export function memoryIn(lines: string, process: number): number | undefined {
  const found = lines.split('\n').map(line => line.split(',').map(Number)).find(([pid]) => pid === process)
  return found && found[1] > 0 ? found[1] : undefined
}

/** What nvidia-smi prints; nothing where there is none. */
function nvidiaSmi(...words: string[]): string {
  const { status, stdout } = spawnSync('nvidia-smi', [...words, '--format=csv,noheader,nounits'], { encoding: 'utf8' })
  return status === 0 ? stdout : ''
}
