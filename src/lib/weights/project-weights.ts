/** Weights that this project trained: data/weights/NAME.tensors, and the card NAME.json beside each file. */
import { sum } from 'd3-array'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { channelRules, type Preprocessing } from '../model/preprocessing'
import { LabError } from '../system/errors'
import { readFileCapped, remove, writeFileAtomic } from '../system/files'
import { sha256 } from '../system/hash'
import { isThere, namesIn } from '../system/is-there'
import { readJson } from '../system/json'
import { inProject } from '../system/project-root'
import { decodeTensors, encodeTensors, type Values } from './formats/tensor-file'
import { recordOf } from '../system/json-parts'

const kernelTypes = ['float16', 'int8'] as const
/** How a file stores kernels: two bytes a number, or one byte a number with a scale for each output channel. */
export type KernelType = (typeof kernelTypes)[number]

/** Where weights come from and what they may be used for: the content of NAME.json. */
export interface WeightsCard {
  /** Such as 'resnet50-fractal-half'. */
  name: string
  /** One sentence: what was trained, on which data, for what. */
  description: string
  /** How to train the weights again: the command and every setting. */
  recipe: Readonly<Record<string, unknown>> & {
    /** The preprocessing that the stages were trained with, and that images must therefore have. */
    readonly preprocessing: Preprocessing
  }
  /** Results of the training run, such as the accuracy on test images. */
  result: Readonly<Record<string, number>>
  /** Training time in seconds of wall clock. */
  seconds: number
  /** Engine and thread count. */
  machine: string
  licence: string
  /** How many numbers the file holds. */
  parameters: number
  /** How the file stores kernels; it stores all other arrays as float32. */
  kernels: KernelType
  /** SHA-256 of NAME.tensors. */
  sha256: string
}

const cardSchema: z.ZodType<WeightsCard> = z.object({
  name: z.string(), description: z.string(),
  recipe: z.looseObject({ preprocessing: z.enum(Object.keys(channelRules) as Preprocessing[]) }),
  // JSON has no NaN: it stores null instead.
  result: recordOf(z.number().or(z.null().transform(() => NaN))),
  seconds: z.number(), machine: z.string(), licence: z.string(), parameters: z.int(),
  kernels: z.enum(kernelTypes), sha256: z.string(),
})

export interface ProjectWeights {
  /** Such as 'resnet50-fractal-half'. */
  name: string
  card: WeightsCard
  /** By parameter name, such as 'conv1_conv/kernel'. */
  weights: ReadonlyMap<string, Values>
}

const longestFile = 256 * 1024 * 1024
const longestCard = 1024 * 1024

/** The name of weights: 'resnet50-fractal' in full width, 'resnet50-fractal-half' in half width. */
export function projectWeightsName(kind: string, width: string): string {
  return `resnet50-${kind}${width === 'full' ? '' : `-${width}`}`
}

/**
 * Names of the weights in a folder, such as 'resnet50-fractal-half'.
 * @param folder default data/weights
 * @example weights.listProjectWeights()   // ['resnet50-fractal', …]
 */
export function listProjectWeights(folder: string = defaultFolder()): string[] {
  return namesIn(folder).filter(file => file.endsWith('.tensors')).map(file => file.slice(0, -8)).sort()
}

/**
 * Reads the project's weights. The file holds rounded kernels; in memory all numbers are float32.
 * @param kind what the weights were trained on, such as 'fractal'
 * @param width of the network, such as 'half'
 * @param folder default data/weights
 * @throws LabError 'unknown-weights' naming the weights in the folder; 'weights-mismatch' where card and file differ;
 *   'bad-tensor-file'
 * @example (await weights.loadProjectWeights('fractal', 'half')).card
 */
export async function loadProjectWeights(
  kind: string, width: string, folder: string = defaultFolder(),
): Promise<ProjectWeights> {
  const name = projectWeightsName(kind, width)
  const names = listProjectWeights(folder)
  if (!names.includes(name))
    throw new LabError('unknown-weights', {
      expected: names.length > 0 ? `one of ${names.join(', ')}` : 'weights in data/weights',
      received: name,
      remedy: `Choose one of these, or train them: npm run pretrain -- fractals --width ${width}`,
    })
  return readProjectWeights(join(folder, `${name}.tensors`))
}

/**
 * Reads weights that this project trained, from any folder.
 * @param path of NAME.tensors; its card NAME.json is in the same folder
 * @throws LabError 'data-missing'; 'weights-mismatch' where card and file differ, or the card is damaged;
 *   'bad-tensor-file'
 */
export async function readProjectWeights(path: string): Promise<ProjectWeights> {
  const name = basename(path, '.tensors')
  const bytes = await readFileCapped(path, longestFile), hash = sha256(bytes)
  const cardPath = join(dirname(path), `${name}.json`), before = cardBefore(cardPath)
  let card = await readCard(cardPath)
  if (card.sha256 !== hash && isThere(before)) card = await readCard(before)
  if (card.sha256 !== hash)
    throw new LabError('weights-mismatch', {
      expected: `${name}.tensors with the SHA-256 on its card`, received: 'another file',
      remedy: 'Restore both files, or train the weights again',
    })
  const { tensors } = decodeTensors(bytes, path)
  return { name, card, weights: tensors }
}

/**
 * Where the card of earlier weights lies while later ones are saved: if saving stops after the new card, the old
 * weights still have theirs.
 */
function cardBefore(card: string): string {
  return `${card}.before`
}

async function readCard(path: string): Promise<WeightsCard> {
  try {
    return await readJson(path, cardSchema, longestCard)
  } catch (error) {
    if (!(error instanceof LabError && error.code === 'damaged-file')) throw error
    throw new LabError('weights-mismatch', {
      expected: `a card of weights in ${path}`, received: error.received,
      remedy: 'Restore the card, or train the weights again',
    })
  }
}

/**
 * Saves weights and their card. Kernels are rounded; biases and batch normalization, which have few numbers of a wide
 * range, stay float32.
 * @param folder default data/weights
 * @param kernels default 'float16'
 * @returns the card with the count of parameters and the file's hash
 */
export async function saveProjectWeights(
  card: Omit<WeightsCard, 'parameters' | 'kernels' | 'sha256'>, tensors: ReadonlyMap<string, Values>,
  folder: string = defaultFolder(), kernels: KernelType = 'float16',
): Promise<WeightsCard> {
  const type = (name: string) => name.endsWith('/kernel') ? kernels : 'float32'
  const bytes = encodeTensors({ tensors, meta: { name: card.name } }, type)
  const parameters = sum(tensors.values(), ({ values }) => values.length)
  const fullCard: WeightsCard = { ...card, parameters, kernels, sha256: sha256(bytes) }
  const path = join(folder, `${card.name}.tensors`), cardPath = join(folder, `${card.name}.json`)
  // The card first: if saving stops between the two files, there are no weights without a card.
  if (isThere(cardPath) && isThere(path)) await keepCard(cardPath, sha256(await readFileCapped(path, longestFile)))
  await writeFileAtomic(cardPath, JSON.stringify(fullCard, null, 2) + '\n')
  await writeFileAtomic(path, bytes)
  // What cannot be removed now does no harm: no weights have its hash.
  await remove(cardBefore(cardPath)).catch(() => {})
  return fullCard
}

/** Sets the card of the weights with this hash aside, unless an interrupted process did. */
async function keepCard(path: string, hash: string): Promise<void> {
  const bytes = await readFileCapped(path, longestCard)
  if (bytes.includes(hash)) await writeFileAtomic(cardBefore(path), bytes)
}

function defaultFolder(): string {
  return inProject('data', 'weights')
}
