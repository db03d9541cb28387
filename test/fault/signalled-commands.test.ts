/** Every long command that is asked to end: its status tells, nothing of it goes on, and what can be saved is saved. */
import { execFileSync, spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sarsCov2Ct } from '../../src/lib/data/sets/sars-cov-2-ct'
import { withLock } from '../../src/lib/system/lock.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { madeUpImages, writeManifest } from '../fixtures/ct-archive'
import { tinyTraining } from '../fixtures/experiments'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'
import { bundle, programIn } from './torture/bundle'

const path = temporaryFolder()
const names = ['experiment', 'reproduce', 'audit', 'data'] as const
let programs: Awaited<ReturnType<typeof bundle>>

beforeAll(async () => {
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
  vi.stubEnv('LAB_RUNS_FOLDER', path('runs'))
  programs = await bundle(Object.fromEntries(names.map(name => [name, inProject('scripts', `${name}.ts`)])))
  const images = await madeUpImages(40)
  await writeManifest(path('data'), images)
  writeFileSync(path('images.zip'), makeZip(images))
  await sarsCov2Ct.obtain!(path('images.zip'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  programs.remove()
  rmSync(inProject('results', 'signalled'), { recursive: true, force: true })
})

interface Ended { status: number | null; out: string; left: string }

/** Runs a program of Node, and sends the signal once it says so. `left`: the processes of its group that still run. */
async function runAndSignal(words: readonly string[], says: string, signal: NodeJS.Signals): Promise<Ended> {
  const command = spawn(process.execPath, words, { cwd: inProject(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = '', sent = false
  const hear = (text: Buffer) => {
    out += text.toString()
    if (sent || !out.includes(says)) return
    sent = true
    command.kill(signal)
  }
  for (const stream of [command.stdout, command.stderr]) stream.on('data', hear)
  const status = await new Promise<number | null>(done => command.on('exit', done))
  let left = ''
  for (let i = 0; i < 100 && (left = groupOf(command.pid!)); i++) await after(50)
  return { status, out, left }
}

/** The living processes of a group, one a line. */
function groupOf(leader: number): string {
  const lines = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => Number(line.trim().split(/\s+/)[0]) === leader && !/^\s*\d+\s+Z/.test(line)).join('\n')
}

const bundled = (name: (typeof names)[number], ...words: string[]) => [programIn(programs.folder, name), ...words]

test('experiment with two workers saves the runs under way', async () => {
  const training = { ...tinyTraining, training: { ...tinyTraining.training!, epochs: 9999 } }
  const experiments = { one: training, two: { ...training, seed: 2 } }
  writeFileSync(path('plan.json'), JSON.stringify({ title: 'Two runs', experiments }))
  const ended = await runAndSignal(bundled('experiment', path('plan.json'), '--workers', '2'), 'epoch 1 of', 'SIGTERM')
  expect(ended).toEqual({ status: 143, left: '', out: expect.stringContaining('Saved. The same command goes on') as string })
})

test('reproduce saves the run under way', async () => {
  const words = ['soares-2020', '--profile', 'quick', '--width', 'quarter', '--weights', 'none', '--split', 'published']
  const ended = await runAndSignal(bundled('reproduce', ...words), 'running ', 'SIGTERM')
  expect(ended).toEqual({ status: 143, left: '', out: expect.stringContaining('Saved. The same command goes on') as string })
})

test('audit writes its page, which says what is open', async () => {
  await runAndSignal(bundled('data', 'signalled', '--from', path('images.zip')), 'never', 'SIGTERM')
  const ended = await runAndSignal(bundled('audit', 'signalled'), 'duplicates: ', 'SIGTERM')
  expect(ended).toEqual({ status: 143, left: '', out: expect.stringContaining('results/signalled/audit/index.html') as string })
})

test.each([['SIGTERM', 143], ['SIGINT', 130]] as const)('data ends at once with %s, and keeps no half of a set', async (signal, status) => {
  const [image] = await madeUpImages(1)
  const many = Array.from({ length: 2000 }, (_, i) => ({ ...image, name: `a/${i}.png` }))
  writeFileSync(path('aborted.zip'), makeZip([...many, { ...image, name: 'b/0.png' }]))
  const ended = await runAndSignal(bundled('data', 'aborted', '--from', path('aborted.zip')), 'copying', signal)
  expect(ended).toEqual({ status, left: '', out: expect.stringContaining('Run the same command again') as string })
  expect((await runAndSignal(bundled('data', '--list'), 'nothing', signal)).out).not.toContain('aborted')
})

test('torture ends with the work that it kills', async () => {
  const words = ['--import', 'tsx', inProject('scripts', 'torture.ts'), '--kills', '1', '--together', '0', '--mutations', '0']
  const ended = await runAndSignal(words, 'killing', 'SIGTERM')
  expect(ended).toMatchObject({ status: 143, left: '' })
  expect(execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })).not.toContain(inProject('.cache', 'torture', 'supervised'))
})

test('a second start waits and says for whom; while it waits, SIGTERM ends it', async () => {
  vi.stubEnv('LAB_DATA', 'phantom')
  const held = ['set-up.lock', 'results-phantom.lock'].map(name => inProject('.cache', name))
  const ended = await withLock(held[0], () => withLock(held[1],
    () => runAndSignal([inProject('scripts', 'start.mjs'), '01'], 'waiting', 'SIGTERM'), { onBusy: 'refuse' }), { onBusy: 'refuse' })
  expect(ended).toMatchObject({ status: 143, left: '' })
  expect(ended.out).toMatch(new RegExp(`waiting for process ${process.pid}, which is (running the notebooks|setting up)\\n`))
})
