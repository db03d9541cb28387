/** The classifiers of an audit, question by question, each beside the share of the most common class. */
import * as Plot from '@observablehq/plot'
import { group } from 'd3-array'
import type { AnotherSetScores } from '../../audit/another-set'
import type { ArmScores } from '../../audit/arms'
import type { ScoredArm } from '../../audit/scored-arm'
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

/**
 * The accuracy of every classifier that an audit scored, with its 95 % interval; the short line in each row is the
 * share of the most common class, which needs no classifier.
 * @param scores of `scoreArms`, or of `scoreOnAnother`
 * @example show(figures.auditScores(scores))
 */
export function auditScores(
  scores: Pick<ArmScores, 'arms'> | Pick<AnotherSetScores, 'arms'>, options: FigureOptions = {},
): Figure {
  requireKnownKeys('auditScores', options, figureOptionNames)
  const { name = 'audit-scores', title = 'What tells the class?' } = options
  const arms = scores.arms.filter(({ accuracy }) => Number.isFinite(accuracy.value))
  if (arms.length === 0) return emptyFigure({ name, title, ...options }, 'No classifier was scored.')
  const grouped = arms.some(({ groups }) => groups > 0)
  const subtitle = options.subtitle ?? `Accuracy on images that a classifier has not seen, with 95 % intervals${
    grouped ? ' by group' : ', as if each image came from another patient'}. Short line: the most common class.`
  const spoken = arms.map(arm => `${arm.question}, ${rowOf(arm)}, ${arm.split}: ${formatEstimate(arm.accuracy)}`)
  const alt = `${title}. ${spoken.join('; ')}.`
  return frame({ name, title, subtitle, alt }, [legendOf(arms), dots(arms)])
}

/** What a row is called: within a question, what is read and by what. */
function rowOf({ input, classifier, labels }: ScoredArm): string {
  const read = input === 'whole image' || input === 'no pixels' ? '' : `${input}: `
  return `${read}${classifier}${labels === 'true' ? '' : ', made-up labels'}`
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
    x: { domain: [0, 100], label: 'accuracy (%)', grid: true, ticks: 6 },
    y: { axis: null, domain: [top, height - bottom], reverse: true },
    marks: [
      Plot.link(placed, {
        x: ({ arm }: Dot) => percent(arm.chance), y1: ({ at }: Dot) => at - 9, y2: ({ at }: Dot) => at + 9,
        stroke: paleInk, strokeWidth: 2,
      }),
      Plot.link(placed.filter(({ arm: { accuracy: { low, high } } }) => low < high), {
        x1: ({ arm }: Dot) => percent(arm.accuracy.low), x2: ({ arm }: Dot) => percent(arm.accuracy.high), y: 'shifted',
        stroke: ({ arm }: Dot) => looks[arm.split].color, strokeWidth: 1.8,
      }),
      ...splits.map(split => Plot.dot(placed.filter(({ arm }) => arm.split === split), {
        x: ({ arm }: Dot) => percent(arm.accuracy.value), y: 'shifted', fill: looks[split].color,
        symbol: looks[split].symbol, r: 4, title: ({ arm }: Dot) => `${rowOf(arm)}: ${formatEstimate(arm.accuracy)}`,
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
