/** The device on which this library computes; PyTorch computes on the same one. */
import { spawnSync } from 'node:child_process'
import { inProject, projectRoot } from '../src/lib/system/project-root'

export type Device = 'card' | 'processor'

let found: Device | undefined

/**
 * The device of the engine in use. Another process loads the engine and tells, because an engine sets environment
 * variables, which contenders would inherit.
 */
export function deviceInUse(): Device {
  return (found ??= fromEngine())
}

function fromEngine(): Device {
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', inProject('scripts', 'command', 'describe.ts'), '--engine'],
    { cwd: projectRoot, encoding: 'utf8' })
  const { engine } = JSON.parse(stdout) as { engine: { engine: string } | null }
  return engine?.engine === 'gpu' ? 'card' : 'processor'
}
