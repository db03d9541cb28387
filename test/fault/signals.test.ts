/** What a command does when it is asked to end: it saves, tells how it ended, and leaves no process behind. */
import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as after } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { isRunning } from '../../src/lib/system/processes.mjs'

const program = (name: string) => inProject('test', 'fixtures', 'signals', `${name}.mjs`)

interface Ended { status: number | null; out: string; child: number }

/** Starts a command, and sends it a signal when it works, and the next one a while after it has begun to save. */
function run(words: readonly string[], ...signals: NodeJS.Signals[]): Promise<Ended> {
  return runAndSignal(words, signals, (command, signal) => command.kill(signal))
}

/** The same, but signals go to the command and all that it has started, as from a terminal. */
function runInGroup(words: readonly string[], ...signals: NodeJS.Signals[]): Promise<Ended> {
  return runAndSignal(words, signals, (command, signal) => process.kill(-command.pid!, signal))
}

function runAndSignal(
  words: readonly string[], signals: readonly NodeJS.Signals[],
  send: (command: ChildProcess, signal: NodeJS.Signals) => void,
): Promise<Ended> {
  return new Promise(done => {
    const command = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    let out = ''
    const waited = [...signals], marks = ['working', 'saving']
    command.stdout.on('data', async (text: Buffer) => {
      out += text.toString()
      if (!waited.length || !out.includes(marks[0])) return
      const signal = waited.shift()!
      // Within less time, two signals count as one.
      if (marks.shift() === 'saving') await after(400)
      send(command, signal)
    })
    command.on('close', status => done({ status, out, child: Number(/working as (\d+)/.exec(out)?.[1]) }))
  })
}

/** A process that was told to end needs a moment. */
async function isGone(id: number): Promise<boolean> {
  for (let i = 0; i < 100 && isRunning(id); i++) await after(20)
  return !isRunning(id)
}

test.each([['SIGTERM', 143], ['SIGHUP', 129]] as const)('%s is handed on, saves, and ends with status %i', async (signal, status) => {
  const ended = await run([program('command'), program('work')], signal)
  expect(ended).toMatchObject({ status, out: expect.stringContaining('saved') as string })
  expect(await isGone(ended.child)).toBe(true)
})

test.each([['SIGTERM', 143], ['SIGHUP', 129]] as const)('%s to all processes at once saves as well', async (signal, status) => {
  const ended = await runInGroup([program('command'), program('work')], signal)
  expect(ended).toMatchObject({ status, out: expect.stringContaining('saved') as string })
  expect(await isGone(ended.child)).toBe(true)
})

test('a second signal ends at once what would save for ever', async () => {
  const ended = await run([program('command'), program('work'), 'never'], 'SIGTERM', 'SIGTERM')
  expect(ended.status).toBe(143)
  expect(ended.out).not.toContain('saved')
  expect(await isGone(ended.child)).toBe(true)
})

test('a second Ctrl-C ends at once what would save for ever', async () => {
  const ended = await runInGroup([program('command'), program('work'), 'never'], 'SIGINT', 'SIGINT')
  expect(ended.status).toBe(130)
  expect(ended.out).toContain('A second Ctrl-C ends the command at once.')
  expect(ended.out).not.toContain('saved')
  expect(await isGone(ended.child)).toBe(true)
})

test.each([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const)(
  '%s ends a command that saves nothing, with status %i, and the program that it had started', async (signal, status) => {
    const ended = await run([program('child')], signal)
    expect(ended.status).toBe(status)
    expect(await isGone(ended.child)).toBe(true)
  })
