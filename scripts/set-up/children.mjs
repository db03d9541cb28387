/** Programs that this process has started. None outlives it. */
import { spawn } from 'node:child_process'

const running = new Set()
process.on('exit', () => { for (const child of running) child.kill() })

/** Starts a program as `spawn` does. When this process ends, by anything but `kill -9`, the program gets SIGTERM. */
export function startProgram(program, args, options) {
  const child = spawn(program, args, options)
  running.add(child)
  for (const event of ['close', 'error']) child.on(event, () => running.delete(child))
  return child
}
