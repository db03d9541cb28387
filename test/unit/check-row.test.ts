/** `npm run check-row`. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath,
    ['--import', 'tsx', inProject('scripts', 'check-row.ts'), ...words], { encoding: 'utf8', cwd: inProject() })
  return { status, stdout, stderr }
}

test('prints the matrix that fits', () => {
  const { status, stdout } = run('--n-positive', '246', '--n-negative', '250', '--accuracy', '94.96', '--precision', '93.00',
    '--recall', '97.15', '--f1', '95.03')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Can this row be true\? one matrix\nreading/)
  expect(stdout).toMatch(/as printed +246 +250 +1 +239 +7 +18 +232/)
  expect(stdout).toContain('A row that fits is possible; that does not make it true.')
})

test('ends with status 1 where nothing fits', () => {
  const { status, stdout } = run('--accuracy', '99.4', '--sensitivity', '99.8', '--specificity', '99.6')
  expect(status).toBe(1)
  expect(stdout).toContain('lies below both')
})

test.each([
  [[], /one figure or more/], [['--accuracy', '90', '--recall', '1', '--sensitivity', '1'], /--sensitivity or --recall/],
  [['--acuracy', '90'], /Unknown option/], [['--accuracy', '90,5', '--total', '5'], /a number in quotes/],
])('%j is refused', (words, message) => {
  const { status, stderr } = run(...words)
  expect(status).toBe(1)
  expect(stderr).toMatch(message)
})
