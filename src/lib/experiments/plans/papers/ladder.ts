/** Frozen against fine-tuned under the papers' protocols, as a figure beside the published accuracies. */
import { greatest, group } from 'd3-array'
import { figureOptionNames, type Figure, type FigureOptions } from '../../../display/figures/figure'
import { ladder, type Level, type Rung } from '../../../display/figures/ladder'
import { formatNumber } from '../../../display/format'
import { requireOneOf } from '../../../system/errors'
import { requireKnownKeys } from '../../../system/options'
import { armNames, type ArmName } from './arms'
import { anotherSet } from './comparable'
import type { Reproduction } from './reproduction'
import { protocolSplits, type ProtocolSplit } from './splits'
import { armTitles } from './table'

/** Which data set and which network to draw, and the words around them. */
export interface ReproductionLadderOptions extends FigureOptions {
  /** The title of a data set. Default: the one with most published accuracies beside a measurement. */
  data?: string
  /** The network's start weights and width, such as 'fractal, half'. Default: the one that was measured most fully. */
  network?: string
}

const splitNames: Readonly<Record<ProtocolSplit, string>> = {
  'exact': 'exact split', 'published': 'published kind of split', 'leak-aware': 'leak-aware split',
}
const depths = ['headOnly', 'features', 'fineTuned'] as const
const methods = armNames.filter(arm => !depths.some(depth => depth === arm))

/**
 * For each split the accuracy of a network with its head only, of a linear head on frozen features, of all layers
 * trained, and of classifiers without a network, with 95 % intervals. Published accuracies are ticks at the split that
 * is closest to the paper's own; unconfirmed ones are left out. Where this project's settings and a paper's own both
 * ran, the project's are drawn.
 * @throws LabError 'bad-argument' for a data set or a network that was not measured
 * @example show(figures.reproductionLadder(await papers.readReproductions('soares-2020')))
 */
export function reproductionLadder(list: readonly Reproduction[], options: ReproductionLadderOptions = {}): Figure {
  requireKnownKeys('reproductionLadder', options, { ...figureOptionNames, data: true, network: true })
  const measured = group(list.filter(({ split }) => split !== null), ({ data }) => data)
  if (options.data !== undefined) requireOneOf('data', options.data, [...measured.keys()])
  const data = options.data ?? greatest(measured, ([, rows]) => rows.length)?.[0]
  const rows = data === undefined ? [] : measured.get(data)!
  const networks = group(rows, networkOf)
  if (options.network !== undefined) requireOneOf('network', options.network, [...networks.keys()])
  const network = options.network ?? greatest(networks, ([, own]) => countMeasured(own))?.[0]
  const cells = cellsOf(network === undefined ? [] : networks.get(network)!)
  return ladder(cells.flatMap(rungsOf), {
    name: options.name ?? 'reproduction-ladder',
    title: options.title ?? 'Frozen against fine-tuned, beside the published accuracies',
    subtitle: options.subtitle ?? (data === undefined ? undefined : subtitleOf(data, network!, cells)),
    depths: depths.map(arm => armTitles[arm]), methods: methods.map(arm => armTitles[arm]),
    label: 'what trains, and classifiers without a network', ticks: { column: 'published', values: publishedOf(rows, cells) },
  })
}

/** What was measured on one split. */
interface Cell {
  name: string
  row: Reproduction
}

function networkOf({ start, width }: Reproduction): string {
  return `${start}, ${width}`
}

/** Papers share cells: each counts once, so that the number of papers does not choose the network. */
function countMeasured(rows: readonly Reproduction[]): number {
  return new Set(rows.flatMap(row => armNames.filter(arm => row[arm]).map(arm => `${row.split} ${arm}`))).size
}

/** Each split's cell. Where papers tested different images of their own, each cell names its paper. */
function cellsOf(rows: readonly Reproduction[]): Cell[] {
  return protocolSplits.flatMap(split => {
    const here = rows.filter(row => row.split === split), ours = here.filter(({ ownSettings }) => !ownSettings)
    const cells = group(ours.length > 0 ? ours : here, row => JSON.stringify(armNames.map(arm => row[arm])))
    const different = [...cells.values()]
    return different.map(([row]) => ({
      name: different.length > 1 ? `${splitNames[split]}, ${row.citation}` : splitNames[split], row,
    }))
  })
}

function rungsOf({ name, row }: Cell): Rung[] {
  return [...depths, ...methods].flatMap((arm: ArmName) => {
    const estimate = row[arm]
    if (!estimate) return []
    const { value: accuracy, low, high } = estimate
    return [{ depth: armTitles[arm], split: name, accuracy, low, high }]
  })
}

/** Each published accuracy once, at the first of its splits: the exact one where there is one. */
function publishedOf(rows: readonly Reproduction[], cells: readonly Cell[]): Level[] {
  const sure = rows.filter(({ status }) => status !== 'unconfirmed')
  const each = [...group(sure, ({ paper, method, printed }) => JSON.stringify([paper, method, printed])).values()]
  return each.map(own => {
    const [{ citation, method, published }] = own
    const split = splitNames[protocolSplits.find(one => own.some(row => row.split === one))!]
    const cell = `${split}, ${citation}`
    return {
      label: `${citation}, ${method}: ${formatNumber(published, 'percent')}`, accuracy: published,
      split: cells.some(({ name }) => name === cell) ? cell : split,
    }
  })
}

function subtitleOf(data: string, network: string, cells: readonly Cell[]): string {
  const runs = cells.map(({ name, row }) =>
    `${row.runs} on the ${name}${row.ownSettings ? ' (the paper’s own settings)' : ''}`)
  const elsewhere = cells.some(({ row }) => row.reasons.includes(anotherSet))
  return `${elsewhere ? `Published on ${data}, measured on another data set` : data}. ResNet50 (start weights, width: ${network}); `
    + `runs with all layers trained: ${runs.join('; ')}. Means with 95 % intervals, by group where groups are known. `
    + 'Each tick is a published accuracy, at the split closest to the paper’s own; unconfirmed ones are left out.'
}
