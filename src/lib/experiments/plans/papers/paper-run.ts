/** One run for the table of papers: a run of the comparison of strategies, with its data set and whose settings. */
import type { Recipe } from '../../../papers/paper'
import { completeExperiment, type ExperimentConfig } from '../../config'
import { strategyConfig, type StrategyRecipe } from '../four-strategies/experiment'
import { runName, type StrategyResult, type StrategyRow, type StrategyRun } from '../four-strategies/strategy-run'

export interface PaperRun extends StrategyRun {
  /** The data set, by the name under which `openDataset` knows it. */
  data: string
  /** The id of the paper whose printed settings train the network; null: this project's settings. */
  recipe: string | null
  /** The authors' list that deals the images; null where none does. */
  list: string | null
}

/** A run's row, and what it got right of each group. */
export interface PaperResult extends StrategyResult {
  row: PaperRun & StrategyRow
}

/** Such as 'sars-cov-2-ct-soares-2020-fine-tuning-fractal-half-all-listed-seed1'. */
export function paperRunName(run: PaperRun): string {
  return [run.data, ...[run.recipe, run.list].filter(word => word !== null), runName(run)].join('-')
}

/** The settings that a paper prints, by the paper's id. */
export type Recipes = ReadonlyMap<string, Recipe>

/** How networks are trained, and by how many epochs a paper's own settings are shortened. */
export interface PaperSettings {
  recipes: Recipes
  /** In place of the settings of the comparison of strategies. */
  training?: StrategyRecipe
  /** In place of the papers' own epochs. */
  epochs?: number
}

/** The experiment of a run. */
export function paperConfig(run: PaperRun, { recipes, training, epochs }: PaperSettings): ExperimentConfig {
  const data = { name: run.data }
  if (run.recipe === null) return strategyConfig(run, { data, recipe: training, list: run.list ?? undefined })
  const { split, network, training: printed } = recipes.get(run.recipe)!
  if (run.strategy === 'baseline')
    return completeExperiment({ data, split, seed: run.seed, model: { kind: 'baseline', name: run.depth } })
  return completeExperiment({
    data, split, seed: run.seed, freezing: run.depth,
    model: { kind: 'resnet50', weights: run.weights, width: run.width, ...network },
    training: { ...printed, epochs: epochs ?? printed.epochs },
  })
}
