/** Runs a program, keeps its output in a log, and turns its failure into a fault that says what to do. */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { diagnose } from './set-up-error.mjs'
import { environment, inProject, root } from './project.mjs'

/**
 * @param {string} name what it is for: names the log and the fault
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: object, onLine?: (line: string) => void }} [options] env adds to the project's environment
 * @throws SetUpError when the program cannot be started or fails
 */
export async function command(name, program, args, { env = {}, onLine } = {}) {
  const log = inProject('.cache', 'logs', `${name.replaceAll(' ', '-')}.log`)
  mkdirSync(inProject('.cache', 'logs'), { recursive: true })
  const file = createWriteStream(log)
  const last = []
  const status = await new Promise(resolve => {
    const child = spawn(program, args, { cwd: root, env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = line => {
      file.write(`${line}\n`)
      last.push(line)
      if (last.length > 200) last.shift()
      onLine?.(line)
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep)
    child.on('error', error => { keep(error.message); resolve(-1) })
    child.on('close', resolve)
  })
  await new Promise(done => file.end(done))
  if (status !== 0) throw diagnose(name, last, log)
}

/**
 * Runs a program of the project in the user's terminal and gives its exit status. Ctrl-C reaches the program too, and
 * is left to it: JupyterLab asks before it stops.
 * @param {string} program
 * @param {string[]} args
 * @param {object} [env] adds to the project's environment
 */
export async function inForeground(program, args, env = {}) {
  const listeners = process.listeners('SIGINT')
  const leaveIt = () => {}
  process.on('SIGINT', leaveIt)
  for (const listener of listeners) process.off('SIGINT', listener)
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: root, env: { ...environment(), ...env }, stdio: 'inherit' })
      child.on('error', reject)
      child.on('close', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)))
    })
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener)
    process.off('SIGINT', leaveIt)
  }
}
