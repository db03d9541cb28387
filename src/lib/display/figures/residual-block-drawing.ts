/** A residual block, drawn: two weight layers, and the skip connection around them. */
import { requireKnownKeys } from '../../system/options'
import { figureOptionNames, frame, paleInk, palette, text, type Figure, type FigureOptions } from './figure'
import { arrow, box, bracket, fills, plus } from './shapes'

const width = 450, middle = 200, skipX = 330
/** Height of a box, and the distance from one box's top to the next one's. */
const boxHeight = 34, pitch = 62

/**
 * The residual block of He et al. 2016 (https://arxiv.org/abs/1512.03385, figure 2): the input x goes through two
 * weight layers, which give F(x), and around them; the block's output is ReLU(F(x) + x).
 * @param options default name 'residual-block'
 * @example show(figures.residualBlockDrawing())
 */
export function residualBlockDrawing(options: FigureOptions = {}): Figure {
  requireKnownKeys('residualBlockDrawing', options, figureOptionNames)
  const { name = 'residual-block', title = 'A residual block', subtitle = 'The layers learn only what to add to x.' } = options
  const alt = `${title}. The input x takes two ways: through a convolution with batch normalization and ReLU and a second`
    + ' convolution with batch normalization, which give F(x); and around them, unchanged, over the skip connection. Both'
    + ' are added, and ReLU of F(x) + x leaves the block.'
  const top = 44
  const [first, relu, second] = [top, top + pitch, top + 2 * pitch]
  const sum = second + boxHeight + 44, last = sum + 38
  const parts = [
    text(middle, 16, 'x', { anchor: 'middle', size: 15, weight: 'bold' }),
    arrow([[middle, 22], [middle, first]]),
    layer(first, 'convolution, batch norm', fills.trains),
    arrow([[middle, first + boxHeight], [middle, relu]]),
    layer(relu, 'ReLU', fills.neutral),
    arrow([[middle, relu + boxHeight], [middle, second]]),
    layer(second, 'convolution, batch norm', fills.trains),
    arrow([[middle, second + boxHeight], [middle, sum - 12]]),
    text(middle - 10, second + boxHeight + 22, 'F(x)', { anchor: 'end', size: 14, weight: 'bold' }),
    bracket(92, first, second + boxHeight),
    text(72, (first + second + boxHeight) / 2 + 5, 'F', { anchor: 'end', size: 16, weight: 'bold' }),
    arrow([[middle, 31], [skipX, 31], [skipX, sum], [middle + 12, sum]], { color: palette[0], width: 2.4 }),
    text(skipX + 10, relu + 10, 'skip', { size: 13, fill: palette[0], weight: 'bold' }),
    text(skipX + 10, relu + 27, 'connection:', { size: 13, fill: palette[0], weight: 'bold' }),
    text(skipX + 10, relu + 44, 'x, unchanged', { size: 13, fill: palette[0] }),
    plus([middle, sum]),
    arrow([[middle, sum + 12], [middle, last]]),
    text(middle + 12, sum + 28, 'F(x) + x', { size: 14, weight: 'bold' }),
    layer(last, 'ReLU', fills.neutral),
    arrow([[middle, last + boxHeight], [middle, last + boxHeight + 26]]),
    text(middle, last + boxHeight + 42, 'out of the block', { anchor: 'middle', size: 13, fill: paleInk }),
  ]
  return frame({ name, title, subtitle, alt }, [{ svg: parts.join(''), width, height: last + boxHeight + 48 }])
}

function layer(y: number, label: string, fill: string): string {
  return box({ x: middle - 90, y, width: 180, height: boxHeight }, fill)
    + text(middle, y + boxHeight / 2 + 4.5, label, { anchor: 'middle', size: 13 })
}
