/** Nothing is written outside the project: a home folder that is empty before stays empty. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { runNotebook } from '../notebooks/run-notebook'

let home: string
beforeAll(() => { home = mkdtempSync(join(tmpdir(), 'home-')) })
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** As on a new user's first day: npm and Python are found, and nothing else is set. */
const npm = (...args: string[]) => spawnSync('npm', args,
  { cwd: inProject(), env: { PATH: process.env.PATH, HOME: home, LAB_THREADS: '2' }, encoding: 'utf8' })

test('after the set-up, which has nothing left to do', () => {
  const { stdout, status } = npm('run', '--silent', 'setup')
  expect(stdout).toBe('')
  expect(status).toBe(0)
  expect(readdirSync(home)).toEqual([])
})

test('after the doctor, which loads the engine', () => {
  const { stdout } = npm('run', '--silent', 'doctor', '--', '--json')
  const { findings } = JSON.parse(stdout) as { findings: { name: string; state: string }[] }
  expect(findings.find(({ name }) => name === 'engine')?.state).toBe('good')
  expect(readdirSync(home)).toEqual([])
})

test('after a notebook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'notebook-'))
  const notebook = join(__dirname, '..', 'fixtures', 'notebooks', 'shows-things.ipynb')
  const { status } = await runNotebook(notebook, folder, { HOME: home })
  rmSync(folder, { recursive: true, force: true })
  expect(status).toBe(0)
  expect(readdirSync(home)).toEqual([])
})
