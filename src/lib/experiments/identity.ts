/** The identity of a run: the same config on the same images from the same start weights is the same run. */
import type { Dataset } from '../data/dataset'
import { sha256 } from '../system/hash'
import { sourceCard } from '../weights/cards'
import { loadProjectWeights } from '../weights/project-weights'
import type { ExperimentConfig } from './config'

/** The name of a run, and the hashes that decide it besides the config. */
export interface RunIdentity {
  /** Such as 'phantom-fractal-half-all-group-seed1-0f3a9c22': the name of the run's folder. */
  name: string
  /** SHA-256 of the data set's images, hexadecimal. */
  data: string
  /** Hash of the file of start weights, hexadecimal; null where the network starts from random numbers. */
  weights: string | null
}

/**
 * The identity of an experiment's run.
 * @throws LabError 'unknown-weights' where the project has no such weights
 */
export async function runIdentity(config: ExperimentConfig, dataset: Dataset): Promise<RunIdentity> {
  const data = dataset.contentHash, weights = await weightsHash(config.model)
  const hash = sha256(canonicalJson({ config, data, weights })).slice(0, 8)
  return { name: `${readableName(config)}-${hash}`, data, weights }
}

/** JSON with sorted keys and without white space: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => isPlainObject(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const hashes = new Map<string, string>()

async function weightsHash(model: ExperimentConfig['model']): Promise<string | null> {
  if (model.kind === 'baseline' || model.weights === 'none') return null
  const { weights, width } = model
  if (weights !== 'fractal') return sourceCard(weights).hash.digits
  // Many runs of a plan start from the same file: it is read once.
  const known = hashes.get(width)
  if (known) return known
  const { card } = await loadProjectWeights(weights, width)
  hashes.set(width, card.sha256)
  return card.sha256
}

function readableName({ data, split, model, freezing, linearProbe, seed }: ExperimentConfig): string {
  const learner = model.kind === 'baseline' ? [model.name]
    : [model.weights, model.width, model.preparation?.kind, linearProbe ? `probe ${linearProbe.stages.join(' ')}` : freezing]
  const images = split.kind === 'folds' ? [split.by, `fold${split.fold}of${split.folds}`] : [split.kind]
  const words = [data.name, ...learner, ...images, `seed${seed}`].filter(word => word !== undefined)
  return words.join('-').replace(/[^\w-]+/g, '-').replace(/-{2,}|^-|-$/g, '-').slice(0, 120)
}
