/** A network, drawn stage by stage: output shape, how many numbers the stage holds, whether it is frozen. */
import { parameters, stages, type Stage } from '../../model/architecture'
import { sizeOf } from '../../system/shape'
import { requireKnownKeys } from '../../system/options'
import type { Model } from '../../model/model'
import { formatNumber } from '../format'
import { figureOptionNames, frame, ink, paleInk, palette, round, text, type Figure, type FigureOptions } from './figure'
import { fills, hatching } from './shapes'

/** One stage as the drawing shows it. */
export interface StageBox {
  stage: Stage | 'input'
  /** The stage's layers, such as '3 bottlenecks'. */
  content: string
  /** The output's [height, width, channels] or [features]. */
  shape: readonly number[]
  /** How many numbers the stage holds, moving averages included. */
  numbers: number
  state: 'trains' | 'frozen' | 'partly frozen' | 'nothing to train'
}

const column = 128, floor = 128
const looks = {
  'trains': { fill: fills.trains, label: '#8A4B00' },
  'frozen': { fill: 'url(#frozen-hatch)', label: palette[0] },
  'partly frozen': { fill: 'url(#partly-hatch)', label: '#8A4B00' },
  'nothing to train': { fill: fills.neutral, label: paleInk },
} as const

/**
 * ResNet50's stages as blocks. A block's height grows with the square root of the feature map's height, its depth with
 * the logarithm of the number of channels. Frozen stages are hatched blue, stages that train plain orange.
 * @param options default name 'architecture'
 * @example show(figures.architectureDrawing(freeze(network, { through: 'conv4' })))
 */
export function architectureDrawing(model: Model, options: FigureOptions = {}): Figure {
  requireKnownKeys('architectureDrawing', options, figureOptionNames)
  const boxes = stageBoxes(model)
  const { name = 'architecture', title = `${model.name}, stage by stage` } = options
  const total = boxes.reduce((sum, box) => sum + box.numbers, 0)
  const size = boxes[0].shape[0]
  const alt = `${title}. ${boxes.map(box => `${box.stage}: ${box.content}, ${shape(box)}, ${box.state}`).join('; ')}.`
  const width = 16 + column * boxes.length
  const drawn = boxes.map((box, i) => stageDrawing(box, 16 + i * column, size, i + 1 < boxes.length))
  const subtitle = options.subtitle ?? `${formatNumber(total, 'integer')} numbers. Starts from: ${model.start}.`
  return frame({ name, title, subtitle, alt },
    [{ svg: hatches + drawn.join(''), width, height: floor + 96 }])
}

/** A model's input and stages, in order. */
export function stageBoxes(model: Model): StageBox[] {
  const { layers } = model.architecture
  const allArrays = parameters(model.architecture)
  const input: StageBox = { stage: 'input', content: 'image', shape: layers[0].shape, numbers: 0, state: 'nothing to train' }
  const present = stages.filter(stage => layers.some(layer => layer.stage === stage && layer.kind !== 'input'))
  return [input, ...present.map((stage): StageBox => {
    const stageLayers = layers.filter(layer => layer.stage === stage && layer.kind !== 'input')
    const names = new Set(stageLayers.map(layer => layer.name))
    const arrays = allArrays.filter(parameter => names.has(parameter.layer))
    const frozen = arrays.filter(parameter => model.frozen.has(parameter.layer)).length
    const blocks = stageLayers.filter(layer => layer.kind === 'add').length
    return {
      stage,
      content: blocks ? `${blocks} bottlenecks` : stage === 'stem' ? 'convolution, pooling' : 'average, dense',
      shape: stageLayers.at(-1)!.shape,
      numbers: arrays.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0),
      state: arrays.length === 0 ? 'nothing to train'
        : frozen === 0 ? 'trains' : frozen === arrays.length ? 'frozen' : 'partly frozen',
    }
  })]
}

function stageDrawing(box: StageBox, x: number, size: number, arrow: boolean): string {
  const { fill, label } = looks[box.state]
  const [height, channels] = box.shape.length === 3 ? [box.shape[0], box.shape[2]] : [1, box.shape[0]]
  const side = round(104 * Math.sqrt(height / size)), depth = round(3.2 * Math.log2(channels + 1))
  const face = Math.max(6, side * 0.34), middle = x + (column - 24) / 2
  const left = round(middle - (face + depth) / 2), right = left + face, top = floor - side
  const skew = round(depth * 0.6)
  const outline = `stroke="${ink}" stroke-width="1" stroke-linejoin="round"`
  const cuboid = `<path d="M${left},${top}h${face}v${side}h${-face}z" fill="${fill}" ${outline}/>`
    + `<path d="M${left},${top}l${depth},${-skew}h${face}l${-depth},${skew}z" fill="${fill}" fill-opacity=".6" ${outline}/>`
    + `<path d="M${right},${top}l${depth},${-skew}v${side}l${-depth},${skew}z" fill="${fill}" fill-opacity=".8" ${outline}/>`
  const next = arrow
    ? `<path d="M${x + column - 22},${floor - 8}h14m-5,-4l5,4l-5,4" fill="none" stroke="${paleInk}" stroke-width="1.5"/>`
    : ''
  const line = (y: number, words: string, style = {}) => text(middle, floor + y, words, { anchor: 'middle', size: 11, ...style })
  return cuboid + next
    + line(20, box.stage, { weight: 'bold', size: 13 }) + line(37, box.content) + line(53, shape(box))
    + (box.numbers ? line(69, formatNumber(box.numbers, 'integer'), { fill: paleInk }) : '')
    + (box.numbers ? line(86, box.state, { fill: label, weight: 'bold' }) : '')
}

function shape(box: StageBox): string {
  return box.shape.length === 1 ? `${box.shape[0]} classes` : box.shape.join(' × ')
}

const hatches = `<defs>${hatching('frozen-hatch', '#CFE3F2')}${hatching('partly-hatch', fills.trains)}</defs>`
