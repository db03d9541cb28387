/** The project's own weights: data/weights/NAME.tensors, and beside it a card that tells where they come from. */
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LabError } from '../system/errors'
import { readFileCapped, writeFileAtomic } from '../system/files'
import { sha256 } from '../system/hash'
import { channelRules, type Preprocessing } from '../model/preprocessing'
import { inProject } from '../system/project-root'
import { decodeTensors, encodeTensors, type StoredType, type Values } from './formats/tensor-file'

/** Where weights come from and what they may be used for: NAME.json. */
export interface WeightsCard {
  /** Such as 'resnet50-fractal-half'. */
  name: string
  /** One sentence: what was trained, on what, for what. */
  description: string
  /** How to make them again: the command and every setting. */
  recipe: Readonly<Record<string, unknown>> & {
    /** What the stages were trained on, and so must be given. */
    readonly preprocessing: Preprocessing
  }
  /** What the run showed, such as accuracy on images kept apart. */
  result: Readonly<Record<string, number>>
  /** Training time, wall clock. */
  seconds: number
  /** Engine and thread count. */
  machine: string
  licence: string
  parameters: number
  /** How kernels are stored; all else is float32. */
  kernels: KernelType
  /** SHA-256 of NAME.tensors. */
  sha256: string
}

/** Two bytes a number, or one with a scale for each output channel. */
export type KernelType = Exclude<StoredType, 'float32'>

export interface ProjectWeights {
  /** Such as 'resnet50-fractal-half'. */
  name: string
  card: WeightsCard
  /** By parameter name, such as 'conv1_conv/kernel'. */
  weights: ReadonlyMap<string, Values>
}

const longestFile = 256 * 1024 * 1024

/** What weights are called: 'resnet50-fractal' in full width, else 'resnet50-fractal-half' and its like. */
export function projectWeightsName(kind: string, width: string): string {
  return `resnet50-${kind}${width === 'full' ? '' : `-${width}`}`
}

/** Names of the weights that are there, such as 'resnet50-fractal-half'. */
export function listProjectWeights(folder: string = ownFolder()): string[] {
  try {
    return readdirSync(folder).filter(file => file.endsWith('.tensors')).map(file => file.slice(0, -8)).sort()
  } catch {
    return []
  }
}

/**
 * Reads the project's own weights: kernels were rounded to their stored type, all come as float32.
 * @param kind what they were trained on, such as 'fractal'
 * @param width the network's width, such as 'half'
 * @throws LabError 'unknown-weights', naming what there is; 'weights-mismatch' where card and file differ;
 *   'bad-tensor-file'
 */
export async function loadProjectWeights(
  kind: string, width: string, folder: string = ownFolder(),
): Promise<ProjectWeights> {
  const name = projectWeightsName(kind, width)
  const names = listProjectWeights(folder)
  if (!names.includes(name))
    throw new LabError('unknown-weights', {
      expected: names.length > 0 ? `one of ${names.join(', ')}` : 'weights in data/weights',
      received: name,
      remedy: `Choose one of these, or make them: npm run pretrain -- fractals --width ${width}`,
    })
  return readProjectWeights(join(folder, `${name}.tensors`))
}

/**
 * Reads own weights wherever they lie.
 * @param path of NAME.tensors; its card NAME.json lies beside it
 * @throws LabError 'data-missing'; 'weights-mismatch' where card and file differ, or the card is none;
 *   'bad-tensor-file'
 */
export async function readProjectWeights(path: string): Promise<ProjectWeights> {
  const name = basename(path, '.tensors')
  const bytes = await readFileCapped(path, longestFile)
  const card = await readCard(join(dirname(path), `${name}.json`))
  if (sha256(bytes) !== card.sha256)
    throw new LabError('weights-mismatch', {
      expected: `${name}.tensors with the SHA-256 on its card`, received: 'another file',
      remedy: 'Restore both, or make them again',
    })
  const { tensors } = decodeTensors(bytes, path)
  return { name, card, weights: tensors }
}

/** What is needed of a card to trust the numbers beside it is looked at; the rest is for readers. */
async function readCard(path: string): Promise<WeightsCard> {
  const card = parsed(await readFileCapped(path, 1024 * 1024))
  if (typeof card?.sha256 === 'string' && Object.hasOwn(channelRules, card.recipe?.preprocessing ?? ''))
    return card as WeightsCard
  throw new LabError('weights-mismatch', {
    expected: `a card with sha256 and recipe.preprocessing in ${path}`, received: 'something else',
    remedy: 'Restore it, or make the weights again',
  })
}

function parsed(json: Buffer): Partial<WeightsCard> | null {
  try {
    return JSON.parse(json.toString()) as Partial<WeightsCard> | null
  } catch {
    return null
  }
}

/**
 * Saves weights and their card. Kernels are rounded; the few numbers of biases and batch normalization, whose range is
 * wide, stay float32.
 * @param kernels default 'float16'
 * @returns the card with the count of parameters and the file's hash
 */
export async function saveProjectWeights(
  card: Omit<WeightsCard, 'parameters' | 'kernels' | 'sha256'>, tensors: ReadonlyMap<string, Values>,
  folder: string = ownFolder(), kernels: KernelType = 'float16',
): Promise<WeightsCard> {
  const type = (name: string) => name.endsWith('/kernel') ? kernels : 'float32'
  const bytes = encodeTensors({ tensors, meta: { name: card.name } }, type)
  const parameters = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0)
  const whole: WeightsCard = { ...card, parameters, kernels, sha256: sha256(bytes) }
  // The card first: numbers are there only together with one, even where this is interrupted between the two.
  await writeFileAtomic(join(folder, `${card.name}.json`), JSON.stringify(whole, null, 2) + '\n')
  await writeFileAtomic(join(folder, `${card.name}.tensors`), bytes)
  return whole
}

function ownFolder(): string {
  return inProject('data', 'weights')
}
