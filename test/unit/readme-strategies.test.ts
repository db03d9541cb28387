/** What the README says of the four strategies is what has been recorded. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { readStrategyResults } from '../../src/lib/experiments/plans/four-strategies/recorded'
import type { SplitKind, StrategyRun } from '../../src/lib/experiments/plans/four-strategies/strategy-run'
import { comparePaired, primaryComparison, runsLike, summarize } from '../../src/lib/experiments/plans/four-strategies/summary'
import { formatEstimate } from '../../src/lib/display/format'

const readme = readFileSync(inProject('README.md'), 'utf8').replace(/\s+/g, ' ')

const conv2 = { strategy: 'frozen-features', weights: 'fractal', depth: 'conv2' } as const
const histogram = { depth: 'histogram, logistic regression' } as const
const lines: readonly (readonly [string, Partial<StrategyRun>])[] = [
  ['one nearest neighbour on raw pixels', { depth: 'pixels, one nearest neighbour' }],
  ['five nearest neighbours on histograms', { depth: 'histogram, five nearest neighbours' }],
  ['logistic regression on histograms', histogram],
  ['frozen features of conv2, linear head', conv2],
  ['frozen features of every stage, linear head', { ...conv2, depth: 'every stage' }],
  ['fine-tuned: head only', { strategy: 'fine-tuning', width: 'half', depth: 'head' }],
  ['fine-tuned: all layers', { strategy: 'fine-tuning', width: 'half', depth: 'all' }],
  ['fractals, then without labels, then all layers', { strategy: 'unsupervised', weights: 'fractal-contrastive', width: 'half' }],
  ['without labels, then all layers', { strategy: 'unsupervised', weights: 'contrastive', width: 'half' }],
  ['from scratch', { strategy: 'scratch', width: 'half' }],
]

test.each(lines)('%s', async (label, like) => {
  const results = await readStrategyResults()
  const cell = (split: SplitKind) => {
    const [summary] = summarize(runsLike(results, { ...like, split }))
    return summary ? formatEstimate({ ...summary, value: summary.accuracy }) : '–'
  }
  expect(readme).toContain(`| ${label} | ${cell('blocks')} | ${cell('random')} |`)
})

test.each([
  ['the best baseline', histogram],
  ['the best frozen features', conv2],
  ['training from scratch', { strategy: 'scratch', width: 'half' }],
] as const)('all layers minus %s', async (label, like) => {
  const results = await readStrategyResults()
  const all = runsLike(results, { strategy: 'fine-tuning', width: 'half', depth: 'all', split: 'blocks' })
  const { mean } = comparePaired(runsLike(results, { ...like, split: 'blocks' }), all)
  expect(readme).toContain(`${label}: ${formatEstimate(mean, 'points')}`)
})

test('the primary comparison', async () => {
  const { pairs, mean } = primaryComparison(await readStrategyResults())
  expect(pairs).toHaveLength(5)
  expect(readme).toContain(formatEstimate(mean, 'points'))
})

test('the blocks that hold a quarter of the errors', async () => {
  const all = runsLike(await readStrategyResults(),
    { strategy: 'fine-tuning', width: 'half', depth: 'all', split: 'blocks' })
  const missed = all.flatMap(({ groups }) => groups)
    .map(({ group, images, correct }) => ({ group, errors: images - correct }))
  const [first, second] = missed.sort((a, b) => b.errors - a.errors)
  const errors = missed.reduce((sum, block) => sum + block.errors, 0)
  expect((first.errors + second.errors) / errors).toBeCloseTo(0.25, 2)
  expect([first.group, second.group].sort()).toEqual(['COVID block 11', 'COVID block 14'])
  expect(readme).toContain('COVID block 11 and COVID block 14')
})
