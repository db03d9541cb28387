/** A bottleneck block, drawn as wide as its layers have channels. */
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { figureOptionNames, frame, paleInk, palette, text, type Figure, type FigureOptions } from './figure'
import { arrow, box, fills, line, plus, polygon } from './shapes'

/** Words around the drawing, and how many channels the block has. */
export interface BottleneckDrawingOptions extends FigureOptions {
  /** Channels that enter and leave the block, a multiple of 4 from 4 to 4096. Default 256, as in conv2. */
  channels?: number
}

const width = 470, middle = 170, full = 230, skipX = 30
/** Height of a bar, and of the funnel between two bars. */
const bar = 16, funnel = 56

/**
 * ResNet50's bottleneck: a 1 × 1 convolution reduces the channels to a quarter, a 3 × 3 convolution works on those,
 * a 1 × 1 convolution restores them, and the input is added. Widths are proportional to channels.
 * @param options default name 'bottleneck'
 * @throws LabError 'bad-argument' for a number of channels out of range
 * @example show(figures.bottleneckDrawing({ channels: 1024 }))
 */
export function bottleneckDrawing(options: BottleneckDrawingOptions = {}): Figure {
  requireKnownKeys('bottleneckDrawing', options, { ...figureOptionNames, channels: true })
  const { name = 'bottleneck', title = 'A bottleneck block', channels = 256 } = options
  requireInRange('channels / 4', channels / 4, { low: 1, high: 1024, whole: true }, 'Choose a multiple of 4, such as 256')
  const inner = channels / 4
  const weights = [channels * inner, 9 * inner * inner, inner * channels]
  const total = whole(weights[0] + weights[1] + weights[2])
  const subtitle = options.subtitle
    ?? `${total} weights; two 3 × 3 layers on ${whole(channels)} channels have ${whole(2 * 9 * channels * channels)}.`
  const alt = `${title}. ${whole(channels)} channels enter; a 1 × 1 convolution reduces them to ${whole(inner)}; a 3 × 3`
    + ` convolution keeps ${whole(inner)}; a 1 × 1 convolution restores ${whole(channels)}; the input is added over the`
    + ` skip connection, and ReLU follows. ${subtitle}`
  const widths = [channels, inner, inner, channels].map(count => full * count / channels)
  const tops = widths.map((_, i) => 30 + i * (bar + funnel))
  const sum = tops[3] + bar + 34
  const kinds = ['1 × 1 convolution', '3 × 3 convolution', '1 × 1 convolution']
  const convolutions = kinds.map((kind, i) => {
    const y = tops[i] + bar, fill = i === 1 ? fills.trains : '#FBE3C8'
    return polygon([[middle - widths[i] / 2, y], [middle + widths[i] / 2, y],
      [middle + widths[i + 1] / 2, y + funnel], [middle - widths[i + 1] / 2, y + funnel]], fill)
      + line([[middle + (widths[i] + widths[i + 1]) / 4, y + funnel / 2], [296, y + funnel / 2]],
        { color: paleInk, width: 1 })
      + text(302, y + funnel / 2 - 3, kind, { size: 13, weight: 'bold' })
      + text(302, y + funnel / 2 + 14, `${whole(weights[i])} weights`, { size: 12, fill: paleInk })
  })
  const bars = widths.map((wide, i) => box({ x: middle - wide / 2, y: tops[i], width: wide, height: bar }, palette[5])
    + text(302, tops[i] + 13, `${whole(i === 0 || i === 3 ? channels : inner)} channels`, { size: 13, fill: palette[0] }))
  const parts = [
    text(middle, 10, 'x', { anchor: 'middle', size: 15, weight: 'bold' }), arrow([[middle, 14], [middle, tops[0]]]),
    ...convolutions, ...bars,
    arrow([[middle - full / 2, tops[0] + bar / 2], [skipX, tops[0] + bar / 2], [skipX, sum], [middle - 12, sum]],
      { color: palette[0], width: 2.4 }),
    text(skipX + 8, tops[1] + 32, 'skip:', { size: 13, fill: palette[0], weight: 'bold' }),
    text(skipX + 8, tops[1] + 49, 'x, unchanged', { size: 13, fill: palette[0] }),
    arrow([[middle, tops[3] + bar], [middle, sum - 12]]), plus([middle, sum]),
    arrow([[middle, sum + 12], [middle, sum + 36]]),
    text(middle, sum + 52, 'ReLU, out of the block', { anchor: 'middle', size: 13, fill: paleInk }),
  ]
  return frame({ name, title, subtitle, alt }, [{ svg: parts.join(''), width, height: sum + 58 }])
}

function whole(value: number): string {
  return formatNumber(value, 'integer')
}
