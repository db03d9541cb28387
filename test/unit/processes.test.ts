import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { isRunning, processIdentity } from '../../src/lib/system/processes.mjs'

/** The numbers that a shell script prints, while it still runs; then it is ended. */
async function ask<T>(script: string, use: (ids: number[]) => T): Promise<T> {
  const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const text = await new Promise<Buffer>(done => shell.stdout.once('data', done))
    return use([shell.pid!, ...text.toString().trim().split(' ').map(Number)])
  } finally {
    shell.kill('SIGKILL')
  }
}

it('a stopped process runs; one whose end nobody asked for does not', async () => {
  // The shell becomes `sleep`, which never asks how its child has ended.
  const states = await ask('sleep 0 & ended=$!; sleep 0.2; echo $ended; exec sleep 9', ids => ids.map(isRunning))
  expect(states).toEqual([true, process.platform !== 'linux'])
  expect(await ask('sleep 9 & kill -STOP $!; echo $!; sleep 9', ([, stopped]) => {
    const runs = isRunning(stopped)
    process.kill(stopped, 'SIGKILL')
    return runs
  })).toBe(true)
  expect(isRunning(999_999_999)).toBe(false)
})

it('names a process by its number and its start', () => {
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid))
  expect(processIdentity(process.pid)).not.toBe(processIdentity(process.ppid))
  expect(processIdentity(999_999_999)).toBe('999999999')
})
