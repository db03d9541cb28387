/** Fractals drawn by formula as a data set: a network learns shapes from them without any photograph. */
import { createHash } from 'node:crypto'
import type { Dataset } from '../dataset'
import { requireInRange, requireOneOf } from '../../system/errors'
import { stream } from '../../system/random'
import { drawFractal } from './fractal-image'
import { drawScene } from './fractal-scene'
import { drawSystem } from './iterated-function-system'

/** Settings of a set of fractals. */
export interface FractalOptions {
  /** How many classes, one function system each, 2 to 1,000. Default 150. */
  classes?: number
  /** Images of each class, 2 to 1,000. Default 64. */
  images?: number
  /** Width and height in pixels, 32 to 512. Default 64. */
  size?: number
  /** Another seed gives other fractals. Default 1. */
  seed?: number
  /**
   * 'plain': a bright figure on black. 'scene': with random contrast, on a cloudy background, partly hidden by a
   * smaller figure of another class, sometimes out of focus. Default 'plain'.
   */
  difficulty?: Difficulty
}

/** How hard the figures are to see. */
export const difficulties = ['plain', 'scene'] as const
export type Difficulty = (typeof difficulties)[number]

/** Range and default of each number among the settings. */
const ranges = {
  classes: { low: 2, high: 1000, default: 150 }, images: { low: 2, high: 1000, default: 64 },
  size: { low: 32, high: 512, default: 64 }, seed: { low: 0, high: 2 ** 31, default: 1 },
}

/**
 * Opens a set of fractals, one iterated function system a class. Drawing an image takes about a millisecond.
 * @throws LabError 'bad-argument' for an option outside its range
 */
export async function openFractals(options: FractalOptions = {}): Promise<Dataset> {
  const { classes, images, size, seed, difficulty } = completeFractals(options)
  const number = (value: number) => String(value + 1).padStart(4, '0')
  const labels = Array.from({ length: classes }, (_, label) => `system ${number(label)}`)
  const systems = labels.map((_, label) => drawSystem(seed, label))
  const draw = (index: number) => {
    const label = Math.floor(index / images)
    const numbers = stream('fractal', seed, label, index % images)
    if (difficulty === 'plain') return drawFractal(systems[label], size, numbers)
    const other = (label + 1 + numbers.integer(classes - 1)) % classes
    return drawScene(systems[label], systems[other], size, numbers)
  }
  const count = classes * images
  return {
    name: 'fractals',
    title: 'Fractals drawn by formula',
    labels,
    items: Array.from({ length: count }, (_, index) => {
      const label = Math.floor(index / images)
      return { name: `${labels[label]}/${number(index % images)}`, label, group: null }
    }),
    grouping: 'none',
    modality: 'unknown', evidence: 'phantom',
    notice: 'Fractals: drawn by formula from a seed. Something to learn shapes from; they say nothing about disease.',
    licence: "This project's own licence",
    source: 'Drawn by this project',
    contentHash: createHash('sha256').update(JSON.stringify({ classes, images, size, seed, difficulty }))
      .update(draw(0).data).update(draw(count - 1).data).digest('hex'),
    nearDuplicates: [],
    read: async index => {
      requireInRange('index', index, { low: 0, high: count - 1, whole: true })
      return draw(index)
    },
  }
}

/** Completes options with their defaults. @throws LabError 'bad-argument' for an option outside its range */
export function completeFractals(options: FractalOptions): Required<FractalOptions> {
  const { difficulty = 'plain' } = options
  requireOneOf('difficulty', difficulty, difficulties)
  const settings = { classes: 0, images: 0, size: 0, seed: 0, difficulty }
  for (const name of ['classes', 'images', 'size', 'seed'] as const) {
    const { low, high } = ranges[name]
    settings[name] = options[name] ?? ranges[name].default
    requireInRange(name, settings[name], { low, high, whole: true })
  }
  return settings
}
