/** Which stages are frozen, and how far back the gradient goes: the network from its input to its loss, drawn. */
import { parameters } from '../../model/architecture'
import type { Model } from '../../model/model'
import { requireKnownKeys } from '../../system/options'
import { stageBoxes, type StageBox } from './architecture-drawing'
import { figureOptionNames, frame, paleInk, palette, text, wrap, type Figure, type FigureOptions } from './figure'
import { arrow, box, fills, hatching, padlock } from './shapes'

const width = 470, left = 20, boxWidth = 224, boxHeight = 42, pitch = 62
/** Where the gradient's arrow runs, and where the words beside it start. */
const gradientX = 276, wordsX = 290
const hatchId = 'frozen-boundary-hatch'

/**
 * The stages from top to bottom. The forward pass goes through all of them; the gradient goes back from the loss and
 * ends at the first layer that trains, for nothing before that layer needs a gradient. Frozen stages behind that layer
 * pass the gradient on and keep their weights.
 * @param options default name 'frozen-boundary'
 * @example show(figures.frozenBoundaryDrawing(freeze(network, { through: 'conv4' })))
 */
export function frozenBoundaryDrawing(model: Model, options: FigureOptions = {}): Figure {
  requireKnownKeys('frozenBoundaryDrawing', options, figureOptionNames)
  const { name = 'frozen-boundary', title = 'How far back the gradient goes' } = options
  const boxes = stageBoxes(model)
  const first = firstTrained(model)
  const firstBox = first ? boxes.findIndex(({ stage }) => stage === first.stage) : boxes.length
  const subtitle = options.subtitle
    ?? (first ? `The first layer that trains is ${first.name}.` : 'Every layer is frozen: no gradient is computed.')
  const states = boxes.slice(1).map(({ stage, state }) => `${stage}: ${state}`).join('; ')
  const ending = first ? `The gradient goes from the loss back to ${first.name} and ends there.` : 'There is no gradient.'
  const alt = `${title}. The forward pass goes through all stages. ${states}. ${ending}`
  const lossTop = boxes.length * pitch + 4
  const parts = [
    `<defs>${hatching(hatchId, '#ffffff')}</defs>`,
    ...boxes.map((one, i) => stage(one, 4 + i * pitch, first !== undefined && i > firstBox)),
    text(wordsX - 30, 22, 'forward pass:', { weight: 'bold' }), text(wordsX - 30, 38, 'through all stages'),
    box({ x: left, y: lossTop, width: boxWidth, height: 30 }, fills.neutral),
    text(left + 42, lossTop + 20, 'loss', { size: 14, weight: 'bold' }),
    ...(first ? gradient(boxes, firstBox, first.name, lossTop) : []),
  ]
  return frame({ name, title, subtitle, alt }, [{ svg: parts.join(''), width, height: lossTop + 40 }])
}

/** The first layer with weights that a gradient changes; undefined where all are frozen. */
function firstTrained(model: Model): { name: string; stage: string } | undefined {
  const trained = new Set(parameters(model.architecture)
    .filter(({ layer, trainable }) => trainable && !model.frozen.has(layer)).map(({ layer }) => layer))
  return model.architecture.layers.find(layer => trained.has(layer.name))
}

/** A stage's box and the arrow of the forward pass that leaves it. */
function stage({ stage, content, state }: StageBox, y: number, passesGradient: boolean): string {
  const frozen = state === 'frozen', hasWeights = state !== 'nothing to train'
  const fill = frozen ? fills.frozen : hasWeights ? fills.trains : fills.neutral
  const words = frozen && passesGradient ? 'frozen, passes it on' : hasWeights ? state : ''
  return box({ x: left, y, width: boxWidth, height: boxHeight }, fill)
    + (state.includes('frozen') ? locked(y) : '')
    + text(left + 42, y + 18, stage, { size: 14, weight: 'bold' })
    + text(left + boxWidth - 8, y + 18, words, { size: 12, anchor: 'end', fill: frozen ? '#005587' : '#7A4200' })
    + text(left + 42, y + 34, content, { size: 12 })
    + arrow([[left + boxWidth / 2, y + boxHeight], [left + boxWidth / 2, y + pitch]])
}

/** The hatched strip with a padlock at the left end of a frozen stage's box. */
function locked(y: number): string {
  const center = [left + 16, y + boxHeight / 2] as const
  return box({ x: left, y, width: 32, height: boxHeight }, `url(#${hatchId})`)
    + `<circle cx="${center[0]}" cy="${center[1]}" r="12" fill="#ffffff"/>` + padlock(center)
}

/** The arrow from the loss back to the first stage that trains, with a branch into each trained stage behind it. */
function gradient(boxes: readonly StageBox[], firstBox: number, layer: string, lossTop: number): string[] {
  const style = { color: palette[1], width: 2.6 }
  const middle = (i: number) => 4 + i * pitch + boxHeight / 2
  const right = left + boxWidth, end = middle(firstBox)
  const branches = boxes.flatMap(({ state }, i) => (i > firstBox && (state === 'trains' || state === 'partly frozen')
    ? [arrow([[gradientX, middle(i)], [right, middle(i)]], { ...style, width: 1.6 })] : []))
  const lines = wrap(`The gradient ends here: ${layer} is the first layer that trains.`, width - wordsX - 8, 12)
  const silent = firstBox > 2 ? middle((firstBox - 1) / 2) : undefined
  return [
    arrow([[right, lossTop + 15], [gradientX, lossTop + 15], [gradientX, end], [right, end]], style),
    ...branches,
    ...lines.map((words, i) => text(wordsX, end + 4 + 16 * i, words, { fill: '#A34700', weight: 'bold' })),
    ...(silent === undefined ? [] : ['No gradient is needed', 'this far back.']
      .map((words, i) => text(wordsX, silent + 16 * i, words, { fill: paleInk }))),
    text(wordsX, lossTop + 12, 'backward pass:', { fill: '#A34700', weight: 'bold' }),
    text(wordsX, lossTop + 28, 'the loss’s gradient', { fill: '#A34700' }),
  ]
}
