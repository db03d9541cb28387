/**
 * What a file says about the model in it, besides the model's numbers: plain data, in every format that this project
 * writes. Enough to make the model again, its head included.
 */
import { z } from 'zod'
import type { PixelWindow } from '../../images/pixel-window'
import { parameters, type Architecture } from '../../model/architecture'
import type { Model } from '../../model/model'
import { channelRules, type Preprocessing } from '../../model/preprocessing'
import { LabError } from '../../system/errors'
import { unknownContent } from '../../system/other-version'
import { badTensorFile, validated } from '../formats/header'
import type { Values } from '../formats/tensor-file'
import { matchParameters } from '../match-parameters'
import { requireNumbers } from '../require-numbers'
import { findImpossible } from './fact-check'
import { savedFactsSchema, type SavedFacts } from './saved-facts'
import { sealOf } from './seal'
import { rebuildArchitecture, storedLayers, storedLayerSchema } from './stored-layers'
import { listOf } from '../../system/json-parts'

const text = z.string().max(1000)
const preprocessings = Object.keys(channelRules) as Preprocessing[]

const ctWindowSchema = z.strictObject({ center: z.number(), width: z.number().positive() })
const windowSchema = z.strictObject({
  counts: z.union([z.strictObject({ bits: z.int().min(8).max(16) }), ctWindowSchema]).optional(),
  ct: ctWindowSchema.optional(), radiographs: ctWindowSchema.optional(), numbers: ctWindowSchema.optional(),
}) satisfies z.ZodType<PixelWindow>

// Strict: what this version does not know may decide what the model says of an image.
const descriptionSchema = z.strictObject({
  name: text, architecture: text,
  labels: listOf(text.min(1), z.array(z.unknown()).max(10_000)).refine(labels => new Set(labels).size === labels.length, 'the same label twice'),
  size: z.int().min(1).max(4096),
  preprocessing: z.strictObject({ name: z.enum(preprocessings), channels: z.unknown() }),
  fit: z.enum(['squash', 'pad', 'crop']).optional(),
  window: windowSchema.optional(),
  start: text,
  layers: listOf(storedLayerSchema, z.array(z.unknown()).min(2).max(5000)),
  frozen: listOf(text, z.array(z.unknown()).max(5000)),
  seal: z.string(),
  saved: savedFactsSchema.optional(),
})

/**
 * Describes a model for a file.
 * @param arrays the model's numbers as a reader of the file gets them
 * @param saved what `saveModel` adds
 */
export function describeModel(
  model: Model, arrays: ReadonlyMap<string, Float32Array>, saved?: SavedFacts,
): Record<string, unknown> {
  const { name, architecture, labels, size, preprocessing, fit, window, start, frozen } = model
  const description = {
    name, architecture: architecture.name, labels, size,
    // Each channel of the input is the image's channel `from` (0 red, 1 green, 2 blue) times scale plus offset.
    preprocessing: { name: preprocessing, channels: channelRules[preprocessing] },
    ...(fit && { fit }), ...(window && { window }),
    start, layers: storedLayers(architecture), frozen: [...frozen], ...(saved && { saved }),
  }
  return { ...description, seal: sealOf(description, arrays) }
}

/** A model from a file, and what `saveModel` wrote about it; null for an export. */
export interface DescribedModel {
  model: Model
  saved: SavedFacts | null
}

/**
 * Makes a model from its description and arrays.
 * @param where named in errors, such as the file's path
 * @throws LabError 'bad-tensor-file' where the description is damaged, was changed, or describes no classifier;
 *   'weights-mismatch' where arrays and layers differ; 'other-version' for a whole description that is not known here
 */
export function modelFrom(
  received: Readonly<Record<string, unknown>>, arrays: ReadonlyMap<string, Values>, where: string,
): DescribedModel {
  requireLayers(received, where)
  const result = descriptionSchema.safeParse(received)
  if (!result.success) {
    const [{ path, message }] = result.error.issues, fault = `${path.join('.') || 'a description'}: ${message}`
    const numbers = new Map([...arrays].map(([name, { values }]) => [name, values]))
    // A seal that fits says that nothing was changed: then the file is whole, and another version's.
    throw sealOf(received, numbers) === received.seal ? unknownContent(where, fault)
      : badTensorFile(where, 'a description of the model', fault)
  }
  const { layers, labels, size, preprocessing, frozen, seal, saved = null } = result.data
  const { name, start, architecture: title, fit, window } = result.data
  const architecture = rebuildArchitecture(title, layers, size, where)
  requireHead(labels, architecture, where)
  const weights = matchParameters(parameters(architecture), arrays, where)
  if (sealOf(received, weights) !== seal)
    throw badTensorFile(where, 'the content that was sealed when the file was written', 'a changed description or changed numbers')
  requireRules(preprocessing, where)
  const names = new Set(architecture.layers.map(layer => layer.name))
  validated(frozen, listOf(z.string().refine(layer => names.has(layer))), where, 'frozen layers that the model has')
  requireNumbers(architecture, weights, where)
  const impossible = saved && findImpossible(saved, labels, weights)
  if (impossible) throw badTensorFile(where, impossible.expected, impossible.received)
  const reading = { size, preprocessing: preprocessing.name, ...(fit && { fit }), ...(window && { window }) }
  return { model: { name, architecture, weights, frozen: new Set(frozen), labels, start, ...reading }, saved }
}

/** @throws LabError 'bad-tensor-file' for files of other programs, and of earlier versions of this one */
function requireLayers(description: Readonly<Record<string, unknown>>, where: string): void {
  if ('layers' in description) return
  const isExport = 'architecture' in description && 'preprocessing' in description
  throw new LabError('bad-tensor-file', {
    expected: `${where} to be a model that saveModel or exportModel wrote`,
    received: isExport ? 'an export of an earlier version, which did not describe its layers' : 'arrays without a description',
    remedy: isExport ? 'Export the model again'
      : 'Load weights with resnet50({ classes, weights, weightsFile }) and train a head for them',
  })
}

function requireHead(labels: readonly string[], { layers }: Architecture, where: string): void {
  const last = layers[layers.length - 1]
  if (labels.length >= 2 && last.kind === 'dense' && last.units === labels.length) return
  throw new LabError('bad-tensor-file', {
    expected: `a head in ${where} that distinguishes two or more classes`,
    received: labels.length ? `${labels.length} labels, and ${last.name} as the last layer` : 'an export without a head',
    remedy: 'Export the model with its head, or save it with saveModel',
  })
}

/** The rule counts, not its name: a later version may give the name another rule. */
function requireRules({ name, channels }: { name: Preprocessing; channels?: unknown }, where: string): void {
  if (JSON.stringify(channels) === JSON.stringify(channelRules[name])) return
  throw badTensorFile(where, `the preprocessing '${name}' as this version knows it`, JSON.stringify(channels).slice(0, 200))
}
