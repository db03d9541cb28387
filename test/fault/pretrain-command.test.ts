/** npm run pretrain as a process of its own: what it answers, and what Ctrl-C and SIGTERM do. */
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

/** Runs it to its end. @param interruptAt what it says when it gets the signal */
function run(
  words: string[], interruptAt?: string, signal: NodeJS.Signals = 'SIGINT',
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise(done => {
    const program = ['--import', 'tsx', inProject('scripts', 'pretrain.ts'), ...words]
    const child = spawn(process.execPath, program, { cwd: inProject() })
    onTestFinished(() => void child.kill('SIGKILL'))
    let out = '', err = '', pressed = false
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      if (!interruptAt || pressed || !out.includes(interruptAt)) return
      pressed = true
      child.kill(signal)
    })
    child.stderr.on('data', (text: Buffer) => { err += text.toString() })
    child.on('close', code => done({ code, out, err }))
  })
}

test.each([['nothing', []], ['toString', ['toString']], ['--width', ['--width', 'half']]])(
  'answers %s in a line that names the tasks, not with a stack trace', async (received, words) => {
    const { code, err } = await run(words)
    expect(code).toBe(1)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).toMatch(/^bad-argument: expected npm run pretrain -- fractals … or contrastive …/)
    expect(err).toContain(`received ${received}`)
  })

test.each([['SIGINT', 0], ['SIGTERM', 143]] as const)('%s saves the run and ends with status %i', async (signal, status) => {
  const saved = inProject('.cache', 'pretrain', 'quarter-9999-4-24-plain-40782')
  const remove = () => { for (const left of [saved, `${saved}.svg`]) rmSync(left, { recursive: true, force: true }) }
  // A test that was killed may have left its run, with which this one would go on.
  remove()
  onTestFinished(remove)
  const words = ['--width', 'quarter', '--classes', '4', '--images', '24', '--steps', '9999', '--seed', '40782']
  const { code, out, err } = await run(['fractals', ...words, '--folder', path()], 'epoch 1 of', signal)
  expect([code, err]).toEqual([status, ''])
  expect(out).toMatch(/Saved after \d+ s\. The same command goes on from there\.\n$/)
  expect(existsSync(join(saved, 'checkpoint.tensors'))).toBe(true)
})
