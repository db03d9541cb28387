/** Papers' protocols as a plan: every network and classifier that stands beside published rows, on each split. */
import type { Width } from '../../../model/architecture'
import type { Paper, Recipe } from '../../../papers/paper'
import type { Plan, PlannedRun, PlanResult } from '../../plan'
import { foldCount, strategyResult, type StrategyRecipe } from '../four-strategies/experiment'
import { armName, type StartWeights } from '../four-strategies/strategy-run'
import { armNames, armsOf, ignoresSeed, type ArmName } from './arms'
import { paperConfig, paperRunName, type PaperResult, type PaperRun } from './paper-run'
import { readPaperResults, recordPaperResult, type PaperFiles } from './recorded'
import { reproductionsOf } from './reproduction'
import { printsAccuracy, protocolSplits, splitsOf, type ProtocolSplit, type SplitFacts, type StudySplit } from './splits'
import { reproductions } from './table'

/** What to run of the papers' protocols. */
export interface PapersOptions {
  /** Which papers; default: all. */
  papers?: readonly Paper[]
  /** Which splits; default: all. */
  splits?: readonly ProtocolSplit[]
  /** Runs of each network on a split that is not in folds, from seed 1. Default 3. */
  seeds?: number
  /** Folds by group to carry out, 1 to 5. Default 5. */
  folds?: number
  width?: Width
  weights?: StartWeights
  /** In place of the settings of the comparison of strategies, and of the papers' own epochs. */
  training?: StrategyRecipe
  epochs?: number
  /** Where runs are recorded; null: their folders alone hold them. */
  files?: PaperFiles | null
}

/** Runs of papers on a data set. */
export function paperRuns(facts: SplitFacts, options: PapersOptions & { papers: readonly Paper[] }): PaperRun[] {
  const { papers, splits = protocolSplits, width = 'half', weights = 'fractal' } = options
  const arms = armsOf(weights, width)
  const runs = papers.flatMap(paper => paper.studies
    .filter(study => study.data.open === facts.name && printsAccuracy(study))
    .flatMap(study => splitsOf(study, facts).filter(({ split }) => splits.includes(split)).flatMap(split => {
      const cell = { data: facts.name, list: split.list, recipe: null }
      const usual = placesOf(split, options).flatMap(place => armNames
        .filter(arm => !ignoresSeed(arm) || place.fold !== null || place.seed === 1 || split.kind === 'random')
        .map((arm): PaperRun => ({ ...cell, ...arms[arm], split: split.kind, ...place })))
      return study.recipe && split.split === 'published'
        ? [...recipeRuns(facts.name, paper, study.recipe, { width, weights }), ...usual] : usual
    })))
  return [...new Map(runs.map(run => [paperRunName(run), run])).values()]
}

/** Folds of a split by group, or seeds. */
function placesOf({ kind }: StudySplit, { seeds = 3, folds = foldCount }: PapersOptions) {
  return kind === 'blocks' ? Array.from({ length: folds }, (_, i) => ({ fold: i + 1, seed: 1 }))
    : Array.from({ length: seeds }, (_, i) => ({ fold: null, seed: i + 1 }))
}

/** The paper's own settings on its own split, by its seed: all layers trained, the head only, and no network. */
function recipeRuns(
  data: string, { id }: Paper, { reported: { seed } }: Recipe, network: { weights: StartWeights; width: Width },
): PaperRun[] {
  const arms = armsOf(network.weights, network.width)
  return (['fineTuned', 'headOnly', 'nearestNeighbor', 'histogram', 'histogramNeighbors'] satisfies ArmName[])
    .map(arm => ({ data, recipe: id, list: null, ...arms[arm], split: 'random', fold: null, seed }))
}

/** The settings that papers print. */
export function recipesOf(papers: readonly Paper[]): Map<string, Recipe> {
  return new Map(papers.flatMap(({ id, studies }) => studies.flatMap(({ recipe }) => (recipe ? [[id, recipe]] : []))))
}

/** The rows of finished runs of a plan. */
export function paperResults(runs: PapersPlan['runs'], finished: readonly PlanResult[]): PaperResult[] {
  const byName = new Map(runs.map(({ name, run }) => [name, run]))
  return finished.map(({ run: { name }, finished: one }) => {
    const run = byName.get(name)!, { row, groups } = strategyResult(run, one)
    return { row: { ...row, ...run }, groups: groups.map(count => ({ ...count, run: name })) }
  })
}

/** A plan whose runs say what they are for the table. */
export interface PapersPlan extends Plan {
  runs: readonly (PlannedRun & { run: PaperRun })[]
}

/**
 * The plan of papers' protocols on a data set that several papers may share.
 * @param facts what the data set allows: see `splitFacts`
 */
export function papersPlan(facts: SplitFacts, options: PapersOptions & { papers: readonly Paper[] }): PapersPlan {
  const { papers, training, epochs, files = null } = options
  const recipes = recipesOf(papers)
  const runs = paperRuns(facts, options).map(run => ({
    run, name: paperRunName(run), kind: [run.recipe ?? 'project', armName(run), run.list ?? run.split].join('-'),
    config: paperConfig(run, { recipes, training, epochs }),
  }))
  return {
    name: 'papers', title: 'Papers’ protocols: the published kind of split and an honest one', runs,
    files: files ? [files.rows, files.groups] : [],
    recorded: async () => files
      ? (await readPaperResults(files)).map(({ row }) => ({ name: paperRunName(row), seconds: row.seconds })) : [],
    record: async result => {
      if (files) for (const one of paperResults(runs, [result])) await recordPaperResult(one, files)
    },
    results: async finished => reproductions(reproductionsOf(papers, {
      results: files ? await readPaperResults(files) : paperResults(runs, finished),
      facts: new Map([[facts.name, facts]]),
    })),
  }
}
