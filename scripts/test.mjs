/** `npm test`: the set-up, then types (library and notebook cells), lint, and all tests. */
import { readFileSync, rmSync } from 'node:fs'
import { noCardToFind } from '../src/lib/system/card.mjs'
import { runCommand } from './command/main.mjs'
import { checkForHelp } from './command/options.mjs'
import { say } from './command/text.mjs'
import { typeCheckCells } from './notebooks/type-check-cells.mjs'
import { setUp } from './set-up.mjs'
import { allInForeground, inForeground } from './set-up/command.mjs'
import { inProject } from './set-up/project.mjs'

const resultFile = inProject('.cache', 'test-results.json')

await runCommand(async words => {
  checkForHelp(words, {
    usage: 'npm test [-- FILE…]',
    does: 'Checks types, style and all tests; the last line counts what passed and failed.\n'
      + 'npm test -- test/unit/split.test.ts runs only the tests in that file. The test program gets all options.',
  })
  await setUp()
  const checks = words.length ? [] : await check()
  const failures = []
  for (const [name, good] of checks) {
    say(`${good ? '✓' : '✗'} ${name}`)
    if (!good) failures.push(name)
  }
  rmSync(resultFile, { force: true })
  const projects = words.some(word => word.startsWith('--project')) ? [] : ['--project=!xla-goldens']
  const status = await inForeground(...program('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json',
    `--outputFile.json=${resultFile}`, ...projects, ...words))
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(resultFile, 'utf8'))
  // A file that cannot be loaded has no test that fails, but vitest's exit status tells.
  const broken = numFailedTests === 0 && status !== 0 ? Math.max(1, numFailedTestSuites) : 0
  if (numPendingTests) say(`${numPendingTests} skipped`)
  const noCard = noCardToFind()
  if (noCard) say(`Nothing ran on a graphics card: ${noCard}`)
  failures.forEach(name => say(`✗ ${name}: see above`))
  const failed = failures.length
  say(`${checks.length - failed + numPassedTests} passed, ${failed + numFailedTests + broken} failed`)
  return failed || status ? 1 : 0
})

/** Checks types and style at the same time, since each program keeps one core busy. Gives whether each is good. */
async function check() {
  const programs = allInForeground([program('typescript/bin/tsc', '-p', '.'), program('eslint/bin/eslint.js', '.')])
  const errors = typeCheckCells()
  errors.forEach(line => say(line))
  const [types, lint] = await programs
  return [
    ['types of the library, scripts and tests', types === 0],
    ['types of the notebooks’ cells', errors.length === 0],
    ['lint', lint === 0],
  ]
}

function program(name, ...args) {
  return [process.execPath, [inProject('node_modules', ...name.split('/')), ...args]]
}
