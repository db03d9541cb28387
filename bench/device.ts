/** Where this library computes: others are put there too. */
import { spawnSync } from 'node:child_process'
import { inProject, projectRoot } from '../src/lib/system/project-root'

export type Device = 'card' | 'processor'

let found: Device | undefined

/**
 * A graphics card where the engine in use has one. Asked of a process of its own: an engine sets variables when it is
 * loaded, which contenders would inherit.
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
