/** Runs a program, writes its output to a log, and turns its failure into an error that says what to do. */
import { createWriteStream, mkdirSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { startProgram } from './children.mjs'
import { diagnose } from './set-up-error.mjs'
import { environment, inProject, root } from './project.mjs'

/**
 * @param {string} name what the program is run for; also the log's name
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: object, onLine?: (line: string) => void }} [options] `env` adds to the project's environment
 * @throws SetUpError if the program cannot be started or fails
 */
export async function command(name, program, args, { env = {}, onLine } = {}) {
  const log = inProject('.cache', 'logs', `${name.replaceAll(' ', '-')}.log`)
  mkdirSync(inProject('.cache', 'logs'), { recursive: true })
  const file = createWriteStream(log, { fd: openSync(log, 'w') })
  let unwritten = null
  file.on('error', error => { unwritten = error })
  const lastLines = []
  const status = await new Promise(resolve => {
    const child = startProgram(program, args, {
      cwd: root, env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    const receive = line => {
      file.write(`${line}\n`)
      lastLines.push(line)
      if (lastLines.length > 200) lastLines.shift()
      onLine?.(line)
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', receive)
    child.on('error', error => { receive(error.message); resolve(-1) })
    child.on('close', resolve)
  })
  await new Promise(done => file.destroyed ? done() : file.end(done))
  if (unwritten && status === 0) throw unwritten
  if (status !== 0) throw diagnose(name, lastLines, log)
}

/**
 * Runs a program of the project in the user's terminal and returns its exit status. Ctrl-C reaches the program, and
 * this process ignores it: JupyterLab, for example, asks before it stops. Other signals to end are handed on.
 * @param {string} program
 * @param {string[]} args
 * @param {object} [env] adds to the project's environment
 */
export async function inForeground(program, args, env = {}) {
  const [status] = await allInForeground([[program, args]], env)
  return status
}

/**
 * Runs several programs at the same time, each as `inForeground` does.
 * @param {[program: string, args: string[]][]} programs
 * @param {object} [env] adds to the project's environment
 * @returns {Promise<number[]>} the exit status of each
 */
export async function allInForeground(programs, env = {}) {
  const children = []
  const handOn = signal => children.forEach(child => child.kill(signal))
  const before = new Map(Object.entries({
    SIGINT: () => {}, SIGTERM: () => handOn('SIGTERM'), SIGHUP: () => handOn('SIGHUP'),
  }).map(([signal, handle]) => [signal, { handle, listeners: process.listeners(signal) }]))
  for (const [signal, { handle, listeners }] of before) {
    process.on(signal, handle)
    for (const listener of listeners) process.off(signal, listener)
  }
  try {
    return await Promise.all(programs.map(([program, args]) => new Promise((resolve, reject) => {
      const child = startProgram(program, args, { cwd: root, env: { ...environment(), ...env }, stdio: 'inherit' })
      children.push(child)
      child.on('error', reject)
      child.on('close', (status, signal) => resolve(status ?? 128 + constants.signals[signal]))
    })))
  } finally {
    for (const [signal, { handle, listeners }] of before) {
      for (const listener of listeners) process.on(signal, listener)
      process.off(signal, handle)
    }
  }
}
