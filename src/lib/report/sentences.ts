/** What a run found and what it lacks, in sentences. */
import type { Table } from '../display/tables'
import { formatEstimate, formatNumber } from '../display/format'
import type { Estimate } from '../evaluation/intervals'
import { notebookNumber } from './collect'
import { completed, estimateIn, numberIn, type Comparison, type Findings, type SplitEffect } from './findings'
import type { RunRecord } from './run-record'

/** What was found: one sentence or two for the data, the split, the network, its mistakes and its intervals. */
export function foundSentences(findings: Findings): string[] {
  const { data, splitEffect, comparison, evaluation, mistakes } = findings
  return [
    data && dataSentence(data), splitEffect && splitSentence(splitEffect), comparison && comparisonSentence(comparison),
    evaluation && evaluationSentence(evaluation), mistakes && mistakesSentence(mistakes),
    evaluation?.note && !comparison?.conditions.includes(evaluation.note) ? `Intervals: ${evaluation.note}.` : null,
  ].filter(sentence => sentence !== null)
}

/** What a set’s images are evidence of. */
export const openings = {
  phantom: 'Drawn by code: never evidence about disease.', real: 'Real images.',
  planted: 'Faults were planted in real images: never evidence about disease.',
}

/** What a reader must know before the first figure: phantom or real images, short training. */
export function warnings({ data, profile }: RunRecord): string[] {
  return [
    openings[data.evidence], data.notice,
    ...(profile === 'tiny' ? ['This run has the profile "tiny": it shows that everything works, and its figures mean nothing.'] : []),
    ...(profile === 'quick' ? ['This run has the profile "quick": training was short. LAB_PROFILE=full trains longer.'] : []),
  ]
}

/** The notebooks that the top of the report draws on, any of those in a row, and what it lacks without them. */
const needed = [
  { numbers: ['01', '10'], lacks: 'the images' },
  { numbers: ['02'], lacks: 'the split and its effect on classifiers without a network' },
  { numbers: ['06', '10'], lacks: 'the network’s figures: comparison with the baselines, confusion matrix, ROC curve, mistakes' },
] as const

/** What is missing because a notebook was not run or failed. */
export function missingSentences({ notebooks }: RunRecord): string[] {
  const done = completed(notebooks)
  const failed = notebooks.flatMap(({ name, failure }) => (failure
    ? [`Notebook ${name} failed at cell ${failure.cell}: what it shows is incomplete.`] : []))
  const begun = (number: string) => notebooks.some(({ name }) => notebookNumber(name) === number)
  const absent = needed.filter(({ numbers }) => !numbers.some(number => done.has(number) || begun(number)))
  return [...failed, ...absent.map(({ numbers: [first], lacks }) => `Notebook ${first} was not run. Missing here: ${lacks}.`)]
}

function dataSentence({ title, rows }: Table): string {
  const all = rows.at(-1)
  const groups = Object.keys(all ?? {}).find(key => key !== 'class' && key !== 'images')
  const classes = rows.slice(0, -1).map(row => `${row.class} ${formatNumber(numberIn(row, 'images'), 'integer')}`)
  const from = groups ? ` from ${formatNumber(numberIn(all, groups), 'integer')} ${groups}` : ''
  return `${title} has ${formatNumber(numberIn(all, 'images'), 'integer')} images${from}: ${classes.join(', ')}.`
}

function splitSentence({ method, random, grouped }: SplitEffect): string {
  const start = `Without any network, “${method}” has an accuracy of ${formatEstimate(random.accuracy)} on a random split`
  const end = `${formatEstimate(grouped.accuracy)} where no group is in two parts`
  if (random.accuracy.value <= grouped.accuracy.value) return `${start} and ${end}: here the random split is no easier.`
  if (random.accuracy.low > grouped.accuracy.high)
    return `${start}, but only ${end}: a random split puts alike images of one group into training and test.`
  return lackIntervals(random.accuracy, grouped.accuracy) ? `${start} and ${end}. ${unsure}`
    : `${start} and ${end}. The intervals overlap, which leaves open whether the random split is easier; folds of both kinds`
      + ' (notebook 02) may settle it.'
}

function comparisonSentence({ network, best, majority, conditions }: Comparison): string {
  const trivial = majority && majority.name !== best.name
    ? `; always naming one class gives ${formatNumber(majority.estimate.value, 'percent')}` : ''
  return `On the test images, “${network.name}” has an accuracy of ${formatEstimate(network.estimate)}, the best classifier`
    + ` without a network, “${best.name}”, ${formatEstimate(best.estimate)}${trivial}. ${verdict(network.estimate, best.estimate)}`
    + ` (${conditions.replace(/\.$/, '')}.)`
}

const unsure = 'Without intervals nobody knows how sure these accuracies are.'

function lackIntervals(...estimates: readonly Estimate[]): boolean {
  return estimates.some(({ low, high }) => Number.isNaN(low) || Number.isNaN(high))
}

/** Overlapping intervals prove neither a difference nor its absence. */
function verdict(network: Estimate, baseline: Estimate): string {
  if (network.low > baseline.high) return 'The network is better: the intervals do not overlap.'
  if (network.high < baseline.low) return 'The network is worse: the intervals do not overlap.'
  return lackIntervals(network, baseline) ? unsure
    : 'Overlapping intervals leave open which is better; a paired comparison on the same images (notebook 06) may settle it.'
}

function evaluationSentence({ title, rows }: Table): string {
  const measures = ['sensitivity', 'specificity'].flatMap(measure => {
    const row = rows.find(one => one.measure === measure)
    return row ? [`${measure} ${formatEstimate(estimateIn(row))}`] : []
  })
  const area = estimateIn(rows.find(({ measure }) => measure === 'area under the ROC curve'))
  const words = Number.isNaN(area.value) ? measures : [...measures, `area under the ROC curve ${formatEstimate(area, 'decimal')}`]
  return `Network, ${title}: ${words.join(', ')}.`
}

function mistakesSentence({ title, rows }: Table): string {
  const total = rows.reduce((sum, row) => sum + numberIn(row, 'wrong'), 0)
  if (total === 0) return 'The network makes no mistake on the test images.'
  const affected = rows.filter(row => numberIn(row, 'wrong') > 0).length
  const [worst] = rows
  return `${title}: ${total} in all, in ${affected} of ${rows.length}; the largest share is in ${worst.group}, `
    + `${numberIn(worst, 'wrong')} of ${numberIn(worst, 'images')} images.`
}
