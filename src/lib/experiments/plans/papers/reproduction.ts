/** Published rows beside what was measured here under their protocols, with a verdict where one is possible. */
import type { Estimate } from '../../../evaluation/intervals'
import { readPrinted } from '../../../evaluation/row-check/printed'
import type { Paper, Status } from '../../../papers/paper'
import { checkPublished, rowsOf, type PublishedRow, type PublishedVerdict } from '../../../papers/published-row'
import type { ArmName } from './arms'
import { differences, type Comparable } from './comparable'
import { measuredIn, type Cell, type Measured } from './measured'
import type { PaperResult } from './paper-run'
import { splitsOf, type ProtocolSplit, type SplitFacts } from './splits'
import { judge, type Verdict } from './verdict'

/** A published accuracy on one kind of split, beside the measured ones. Accuracies are shares, 0 to 1. */
export interface Reproduction extends Record<ArmName, Estimate | null> {
  /** The paper's id. */
  paper: string
  /** Such as 'Soares et al. 2020'. */
  citation: string
  /** The title of the paper's data set. */
  data: string
  modality: string
  method: string
  status: Status
  /** The accuracy, digits as printed, and the same as a share. */
  printed: string
  published: number
  /** Whether the row can be true. */
  check: PublishedVerdict
  /** Null where nothing was measured. */
  split: ProtocolSplit | null
  /** Start weights and width of the measured network; null where nothing was measured. */
  start: string | null
  width: string | null
  /** Whether the network was trained with the settings that the paper prints, and not with this project's. */
  ownSettings: boolean
  /** How many runs the network with all layers trained has. */
  runs: number
  /** That network's accuracy minus the published one, −1 to 1, with its 90 % interval. */
  difference: Estimate | null
  verdict: Verdict
  /** What differs from the paper; of rows without a measurement, how to get one. */
  reasons: readonly string[]
}

/** What stands beside the papers. */
export interface Measurements {
  results: readonly PaperResult[]
  /** What each data set allows, by its name. A study on another set is not run. */
  facts: ReadonlyMap<string, SplitFacts>
  /** Whether the protocols ran on another data set than the papers'. */
  borrowed?: boolean
}

const nothing = {
  fineTuned: null, headOnly: null, features: null, nearestNeighbor: null, histogram: null, histogramNeighbors: null,
  split: null, start: null, width: null, ownSettings: false, runs: 0, difference: null,
}

/**
 * Each published accuracy on each split of its protocol; once without a measurement where its data set is not at hand.
 * Rows that print no accuracy are left out.
 */
export function reproductionsOf(
  papers: readonly Paper[], { results, facts, borrowed = false }: Measurements,
): Reproduction[] {
  const measuredAt = rememberedCells(results)
  return papers.flatMap(rowsOf).filter(({ figures }) => figures.accuracy !== undefined).flatMap(published => {
    const { study } = published, name = study.data.open, common = shared(published)
    const allowed = name === undefined ? undefined : facts.get(name)
    const measured = allowed ? splitsOf(study, allowed).flatMap(({ split, kind, list }) => {
      // The paper's own settings ran on its own kind of split only.
      const recipe = study.recipe && split === 'published' ? published.paper : null
      return measuredAt({ data: allowed.name, kind, list, recipe }, published.testImages)
        .map(one => reproduction(published, common, { split, borrowed, ownSettings: recipe !== null, ...one }))
    }) : []
    return measured.length > 0 ? measured
      : [{ ...common, ...nothing, verdict: 'not run', reasons: [howToRun(published, allowed !== undefined)] }]
  })
}

/** Papers share cells: each is measured once. Only rows of a paper's own settings depend on its test images. */
function rememberedCells(results: readonly PaperResult[]) {
  const known = new Map<string, Measured[]>()
  return (cell: Cell, testImages: number | null): Measured[] => {
    const key = JSON.stringify([cell, cell.recipe === null ? null : testImages])
    const measured = known.get(key) ?? measuredIn(results, cell, testImages)
    known.set(key, measured)
    return measured
  }
}

function reproduction(
  published: PublishedRow, common: ReturnType<typeof shared>, measured: Measured & Comparable,
): Reproduction {
  const { split, borrowed, ownSettings, weights, width, runs, forVerdict, limits, ...arms } = measured
  const { hard, soft } = differences(published, { split, borrowed, ownSettings, weights, width })
  const difference = forVerdict && minus(forVerdict, common.published)
  return {
    ...common, ...arms, split, start: weights === 'none' ? 'random' : weights, width, ownSettings, runs,
    difference, verdict: hard.length > 0 || difference === null ? 'approximation' : judge(difference),
    reasons: [...hard, ...limits, ...soft],
  }
}

function minus({ value, low, high }: Estimate, published: number): Estimate {
  return { value: value - published, low: low - published, high: high - published }
}

/** What all lines of a published row share. Its check takes time: once a row. */
function shared(published: PublishedRow) {
  const { paper, citation, method, status, figures, study: { data: { title, modality } } } = published
  const { digits, scale } = readPrinted(figures).find(({ metric }) => metric === 'accuracy')!
  return {
    paper, citation, data: title, modality, method, status, printed: figures.accuracy!,
    published: digits / 10 ** scale, check: checkPublished(published).verdict,
  }
}

function howToRun({ paper, study: { data } }: PublishedRow, atHand: boolean): string {
  if (data.open === undefined) return 'this project does not import the data set'
  return atHand ? `run: npm run reproduce -- ${paper}` : `get the data set: npm run data -- ${data.open}`
}

