/** The set-up is repeated, interrupted, and run twice at once, with real processes. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { hash, whatChanged } from '../../scripts/set-up/step.mjs'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'set-up-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const script = (name: string) => join(__dirname, name)
const done = () => (existsSync(join(folder, 'done')) ? readFileSync(join(folder, 'done'), 'utf8').trim().split('\n') : [])
const step = (input: string) => spawnSync(process.execPath, [script('slow-step.mjs'), folder, '0', input])

test('a step is done once, and again only when its input changes', () => {
  for (const input of ['a', 'a', 'b', 'b', 'a']) step(input)
  expect(done()).toEqual(['a', 'b', 'a'])
})

test('a step whose result was deleted is done again', () => {
  step('a')
  rmSync(join(folder, 'stamp'))
  step('a')
  expect(done()).toEqual(['a', 'a'])
})

test('after a pull, what is made again is named, and why; what is new or whole is not', () => {
  const made = (name: string, title: string, input: string) =>
    ({ title, from: `${name}.lock`, stamp: join(folder, name), inputs: () => [input], make: () => Promise.resolve() })
  for (const name of ['changed', 'whole', 'unusable']) writeFileSync(join(folder, name), hash(['before']))
  const steps = [made('changed', 'npm packages', 'now'), made('whole', 'kernel', 'before'), made('new', 'binding', 'now')]
  expect(whatChanged(steps)).toBe('Changed since the last set-up, and made again: npm packages (changed.lock).')
  expect(whatChanged([...steps, { ...made('unusable', 'library', 'before'), isUsable: () => false }])).toMatch(
    /packages \(changed\.lock\), library \(unusable\.lock\)\.$/)
  expect(whatChanged(steps.slice(1))).toBe(null)
})

test('a step that was killed half-way is done again', async () => {
  step('a')
  rmSync(join(folder, 'begun'))
  const child = spawn(process.execPath, [script('slow-step.mjs'), folder, '60000', 'b'])
  while (!existsSync(join(folder, 'begun'))) await pause(20)
  child.kill('SIGKILL')
  await new Promise(closed => child.on('close', closed))
  expect(done()).toEqual(['a'])
  // Also with the first input: the killed step may have left its folder half-finished.
  step('a')
  expect(done()).toEqual(['a', 'a'])
})

const hold = (milliseconds: number) => new Promise<number[]>(resolve => {
  const child = spawn(process.execPath, [script('lock-holder.mjs'), join(folder, 'lock'), String(milliseconds)])
  let text = ''
  child.stdout.on('data', chunk => { text += chunk })
  child.on('close', () => resolve(['in', 'out'].map(word => Number(new RegExp(`${word} (\\d+)`).exec(text)?.[1]))))
})

const overlaps = (held: number[][]) => {
  const ordered = [...held].sort(([a], [b]) => a - b)
  return ordered.some(([start], i) => i > 0 && start < ordered[i - 1][1])
}

test('processes that request the lock at the same time hold it one after the other', async () => {
  const held = await Promise.all([hold(300), hold(300), hold(300)])
  expect(held.flat().every(Number.isFinite)).toBe(true)
  expect(overlaps(held)).toBe(false)
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('a lock of a dead process is ignored, and one waiting process gets it at a time', async () => {
  // Number 1 is alive everywhere, but did not start then: its number has been used again.
  for (const dead of ['999999999', '1 123456789']) {
    writeFileSync(join(folder, 'lock'), dead)
    const held = await Promise.all([hold(200), hold(200)])
    expect(held.flat().every(Number.isFinite)).toBe(true)
    expect(overlaps(held)).toBe(false)
  }
})

test('the lock of a killed process is free again', async () => {
  const child = spawn(process.execPath, [script('lock-holder.mjs'), join(folder, 'lock'), '60000'])
  await new Promise(ready => child.stdout.once('data', ready))
  child.kill('SIGKILL')
  await new Promise(closed => child.on('close', closed))
  expect(existsSync(join(folder, 'lock'))).toBe(true)
  expect((await hold(0)).every(Number.isFinite)).toBe(true)
})
