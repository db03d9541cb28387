/** What docs/results.md says about the four strategies is what has been recorded. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { formatEstimate } from '../../src/lib/display/format'
import { readResults } from '../../src/lib/experiments/plans/four-strategies/recorded'
import { comparePaired, comparePrimary, selectRuns } from '../../src/lib/experiments/plans/four-strategies/summary'
import { conv2, histogram, strategyLine, strategyLines } from '../fixtures/strategy-lines'

const page = readFileSync(inProject('docs', 'results.md'), 'utf8').replace(/\s+/g, ' ')

test.each(strategyLines)('%s', async (label, like) => expect(page).toContain(await strategyLine(label, like)))

test.each([
  ['the best baseline', histogram],
  ['the best frozen features', conv2],
  ['training from scratch', { strategy: 'scratch', width: 'half' }],
] as const)('all layers minus %s', async (label, like) => {
  const results = await readResults()
  const all = selectRuns(results, { strategy: 'fine-tuning', width: 'half', depth: 'all', split: 'blocks' })
  const { mean } = comparePaired(selectRuns(results, { ...like, split: 'blocks' }), all)
  expect(page).toContain(`${label}: ${formatEstimate(mean, 'points')}`)
})

test('the primary comparison', async () => {
  const { pairs, mean } = comparePrimary(await readResults())
  expect(pairs).toHaveLength(5)
  expect(page).toContain(formatEstimate(mean, 'points'))
})

test('the blocks that hold a quarter of the errors', async () => {
  const all = selectRuns(await readResults(),
    { strategy: 'fine-tuning', width: 'half', depth: 'all', split: 'blocks' })
  const missed = all.flatMap(({ groups }) => groups)
    .map(({ group, images, correct }) => ({ group, errors: images - correct }))
  const [first, second] = missed.sort((a, b) => b.errors - a.errors)
  const errors = missed.reduce((sum, block) => sum + block.errors, 0)
  expect((first.errors + second.errors) / errors).toBeCloseTo(0.25, 2)
  expect([first.group, second.group].sort()).toEqual(['COVID block 11', 'COVID block 14'])
  expect(page).toContain('COVID block 11 and COVID block 14')
})
