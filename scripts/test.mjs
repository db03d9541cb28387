/**
 * `npm test`: set-up, then types (library and notebook cells), lint, and all tests. The last line says how many
 * checks passed and failed. `npm test -- test/unit/split.test.ts` runs only those tests.
 */
import { readFileSync, rmSync } from 'node:fs'
import { setUp } from './set-up.mjs'
import { inForeground } from './set-up/command.mjs'
import { runMain } from './set-up/fault.mjs'
import { inProject } from './set-up/project.mjs'
import { say } from './set-up/terminal.mjs'
import { typeCheckCells } from './type-check-cells.mjs'

const resultFile = inProject('.cache', 'test-results.json')

await runMain(async () => {
  await setUp()
  const wanted = process.argv.slice(2)
  const checks = wanted.length ? [] : [
    ['types of the library, scripts and tests', () => node('typescript/bin/tsc', '-p', '.')],
    ['types of the notebooks’ cells', checkCells],
    ['lint', () => node('eslint/bin/eslint.js', '.')],
  ]
  const failures = []
  for (const [name, check] of checks) {
    const good = (await check()) === 0
    say(`${good ? '✓' : '✗'} ${name}`)
    if (!good) failures.push(name)
  }
  rmSync(resultFile, { force: true })
  const status = await node('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json',
    `--outputFile.json=${resultFile}`, ...wanted)
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(resultFile, 'utf8'))
  // A file that cannot even be loaded has no test that could fail: vitest's own verdict counts it.
  const broken = numFailedTests === 0 && status !== 0 ? Math.max(1, numFailedTestSuites) : 0
  if (numPendingTests) say(`${numPendingTests} skipped`)
  failures.forEach(name => say(`✗ ${name}: see above`))
  const failed = failures.length
  say(`${checks.length - failed + numPassedTests} passed, ${failed + numFailedTests + broken} failed`)
  return failed || status ? 1 : 0
})

function checkCells() {
  const errors = typeCheckCells()
  errors.forEach(line => say(line))
  return errors.length
}

function node(program, ...args) {
  return inForeground(process.execPath, [inProject('node_modules', ...program.split('/')), ...args])
}
