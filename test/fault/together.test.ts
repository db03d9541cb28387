/** Several processes at once: nothing is lost or doubled, nobody waits without a word, and no clock decides. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'
import { surveyTogether, together } from './torture/together'

const folder = temporaryFolder()
const jumpingClock = inProject('test', 'fixtures', 'jumping-clock.cjs')

test('processes that do the same at once lose nothing and do nothing twice', async () => {
  expect(await surveyTogether(3, folder('together'))).toEqual(together.map(kind => ({ kind, rounds: 3, lost: [] })))
})

interface Holder {
  process: ChildProcess
  /** All that it has said. */
  said(): string
  ended: Promise<unknown>
}

/** A process that holds a lock for so long. @param words for Node */
function hold(lock: string, time: 'until-told' | '0', ...words: string[]): Holder {
  const holder = spawn(process.execPath, [...words, join(__dirname, 'lock-holder.mjs'), lock, time])
  let text = ''
  holder.stdout.on('data', (more: Buffer) => { text += more.toString() })
  onTestFinished(() => void holder.kill('SIGKILL'))
  return { process: holder, said: () => text, ended: new Promise(done => holder.on('close', done)) }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 3000 && !isSo(); i++) await after(20)
  expect(isSo()).toBe(true)
}

test.each([['goes on', []], ['jumps', ['--require', jumpingClock]]])(
  'a process that sleeps keeps its lock: who waits says for whom, though the clock %s', async (_, words) => {
    const lock = folder('lock'), sleeper = hold(lock, 'until-told')
    await until(() => sleeper.said().startsWith('in'))
    sleeper.process.kill('SIGSTOP')
    const waiting = hold(lock, '0', ...words)
    await until(() => waiting.said() !== '')
    await after(700)
    expect(waiting.said()).toBe(`  waiting for process ${sleeper.process.pid}, which is holding the lock\n`)
    sleeper.process.kill('SIGCONT')
    sleeper.process.stdin!.end()
    await Promise.all([sleeper.ended, waiting.ended])
    expect(sleeper.said()).toMatch(/^in \d+\nout \d+\n$/)
    expect(waiting.said()).toMatch(/lock\nin \d+\nout \d+\n$/)
  })
