/** The classifiers of an audit, question by question, each beside the share of the most common class. */
import * as Plot from '@observablehq/plot'
import { group } from 'd3-array'
import type { AnotherSetScores } from '../../audit/another-set'
import type { ArmScores } from '../../audit/arms'
import { judged, type ScoredArm } from '../../audit/scored-arm'
import type { Estimate } from '../../evaluation/intervals'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate } from '../format'
import { emptyFigure } from './empty-figure'
import {
  figureOptionNames, frame, ink, paleInk, palette, round, shorten, text, textWidth, type Drawing, type Figure,
  type FigureOptions,
} from './figure'
import { plot } from './plot'

/** How each split looks: in print shapes tell them apart. */
const looks = {
  random: { color: palette[1], symbol: 'square' }, 'by group': { color: palette[0], symbol: 'circle' },
  'as given': { color: palette[2], symbol: 'triangle' }, 'another set': { color: palette[3], symbol: 'diamond' },
} as const
type Split = keyof typeof looks
const splits = Object.keys(looks) as Split[]

/** The legend's words for each split. */
const words: Readonly<Record<Split, string>> = {
  random: 'folds at random', 'by group': 'folds by group', 'as given': 'the split of the set’s makers',
  'another set': 'another set',
}

/** Heights of a row and of a question's heading, and the margins, in pixels. */
const step = 24, heading = 30, left = 390, width = 900, right = 24, top = 8, bottom = 46

/** A classifier's measure: of made-up labels always the accuracy, which decides there. */
interface Shown extends Estimate {
  measure: 'accuracy' | 'auc'
  chance: number
}

/**
 * The measure that judges every classifier that an audit scored, with its 95 % interval: the accuracy, or the area
 * under the ROC curve where one class is much more common. The short line in each row needs no classifier: it is the
 * share of the most common class, or half of the area.
 * @param scores of `scoreArms`, or of `scoreOnAnother`
 * @example show(figures.auditScores(scores))
 */
export function auditScores(
  scores: Pick<ArmScores, 'arms'> | Pick<AnotherSetScores, 'arms'>, options: FigureOptions = {},
): Figure {
  requireKnownKeys('auditScores', options, figureOptionNames)
  const { name = 'audit-scores', title = 'What tells the class?' } = options
  const arms = scores.arms.filter(arm => Number.isFinite(shownOf(arm).value))
  if (arms.length === 0) return emptyFigure({ name, title, ...options }, 'No classifier was scored.')
  const grouped = arms.some(({ groups }) => groups > 0)
  const { axis, line } = wordsOf(arms)
  const subtitle = options.subtitle ?? `${axis[0].toUpperCase()}${axis.slice(1)} on images that a classifier has not seen, with 95 % intervals${
    grouped ? ' by group' : ', as if each image came from another patient'}. Short line: ${line}.`
  const spoken = arms.map(arm => `${arm.question}, ${rowOf(arm)}, ${arm.split}: ${formatEstimate(shownOf(arm))}`)
  const alt = `${title}. ${spoken.join('; ')}.`
  return frame({ name, title, subtitle, alt }, [legendOf(arms), dots(arms)])
}

function shownOf(arm: ScoredArm): Shown {
  return arm.labels === 'true' ? judged(arm) : { measure: 'accuracy', chance: arm.chance, ...arm.accuracy }
}

/** What the axis and the short lines are. */
function wordsOf(arms: readonly ScoredArm[]): { axis: string; line: string } {
  const measures = new Set(arms.map(arm => shownOf(arm).measure))
  if (!measures.has('auc')) return { axis: 'accuracy', line: 'the most common class' }
  return measures.size === 1 ? { axis: 'area under the ROC curve', line: 'chance' }
    : { axis: 'accuracy, or area under the ROC curve (AUC)', line: 'the most common class, or chance' }
}

/** What a row is called: within a question, what is read and by what, and the measure unless it is the accuracy. */
function rowOf(arm: ScoredArm): string {
  const { input, classifier, labels } = arm
  const read = input === 'whole image' || input === 'no pixels' ? '' : `${input}: `
  return `${read}${classifier}${labels === 'true' ? '' : ', made-up labels'}${shownOf(arm).measure === 'auc' ? ', AUC' : ''}`
}

/** One dot, and where its row stands, in pixels from the top of the plot. */
interface Dot {
  arm: ScoredArm
  at: number
  /** The dots of one row stand one below another. */
  shifted: number
}

/** Questions one below another, each with its rows. */
function dots(arms: readonly ScoredArm[]): Drawing {
  let y = top
  const labels: string[] = [], placed: Dot[] = []
  for (const [question, asked] of group(arms, arm => arm.question)) {
    y += heading
    labels.push(text(12, y - 8, question, { weight: 'bold' }))
    for (const [row, same] of group(asked, rowOf)) {
      const at = y + step / 2
      labels.push(text(24, at + 4, shorten(row, left - 40, 12), { whole: row }))
      same.forEach((arm, i) => placed.push({ arm, at, shifted: at + 5 * (i - (same.length - 1) / 2) }))
      y += step
    }
  }
  const height = y + top + bottom, percent = (share: number) => 100 * share
  const chart = plot({
    width, height, marginLeft: left, marginRight: right, marginTop: top, marginBottom: bottom,
    x: { domain: [0, 100], label: `${wordsOf(arms).axis} (%)`, grid: true, ticks: 6 },
    y: { axis: null, domain: [top, height - bottom], reverse: true },
    marks: [
      Plot.link(placed, {
        x: ({ arm }: Dot) => percent(shownOf(arm).chance), y1: ({ at }: Dot) => at - 9, y2: ({ at }: Dot) => at + 9,
        stroke: paleInk, strokeWidth: 2,
      }),
      Plot.link(placed.filter(({ arm }) => shownOf(arm).low < shownOf(arm).high), {
        x1: ({ arm }: Dot) => percent(shownOf(arm).low), x2: ({ arm }: Dot) => percent(shownOf(arm).high), y: 'shifted',
        stroke: ({ arm }: Dot) => looks[arm.split].color, strokeWidth: 1.8,
      }),
      ...splits.map(split => Plot.dot(placed.filter(({ arm }) => arm.split === split), {
        x: ({ arm }: Dot) => percent(shownOf(arm).value), y: 'shifted', fill: looks[split].color,
        symbol: looks[split].symbol, r: 4, title: ({ arm }: Dot) => `${rowOf(arm)}: ${formatEstimate(shownOf(arm))}`,
      })),
      Plot.ruleX([0], { stroke: ink }),
    ],
  })
  return { ...chart, svg: chart.svg + labels.join('') }
}

/** The splits that appear, each with its shape. */
function legendOf(arms: readonly ScoredArm[]): Drawing {
  let x = 18
  const entries = splits.filter(split => arms.some(arm => arm.split === split)).map(split => {
    const entry = shape(split, x, 10) + text(x + 12, 14, words[split])
    x += 40 + textWidth(words[split], 12)
    return entry
  })
  return { svg: entries.join(''), width, height: 22 }
}

function shape(split: Split, x: number, y: number): string {
  const fill = `fill="${looks[split].color}"`, at = (dx: number, dy: number) => `${round(x + dx)},${round(y + dy)}`
  switch (looks[split].symbol) {
    case 'circle': return `<circle cx="${round(x)}" cy="${y}" r="4.5" ${fill}/>`
    case 'square': return `<rect x="${round(x - 4)}" y="${y - 4}" width="8" height="8" ${fill}/>`
    case 'triangle': return `<path d="M${at(0, -5)}L${at(5, 4)}L${at(-5, 4)}Z" ${fill}/>`
    case 'diamond': return `<path d="M${at(0, -6)}L${at(4, 0)}L${at(0, 6)}L${at(-4, 0)}Z" ${fill}/>`
  }
}
