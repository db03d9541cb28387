/** How stored values become grey levels: one rule for all files of a data set. Browser-safe. */
import type { CtWindow } from './ct-window'
import { greyLevel } from './ct-window'
import { badImage } from './bad-image'
import type { Image } from './image'
import { describeSamples, extentOf } from './sample'
import type { Display, StoredImage } from './stored-image'

/** The bits of unsigned numbers: 12 maps 0 … 4,095 to 0 … 255 by leaving out the lowest four bits. */
export interface BitRange {
  bits: number
}

/**
 * A set's rule, by the meaning of its files' values; plain data, which is saved with a model. 8-bit images stay as they
 * are. A file whose kind of value has no rule is refused.
 */
export interface PixelWindow {
  /** 16-bit unsigned images. */
  counts?: BitRange | CtWindow
  /** DICOM files of CT. */
  ct?: CtWindow
  /** DICOM files of other kinds; without it, each is shown as the file itself says. */
  radiographs?: CtWindow
  /** Signed and fractional numbers. */
  numbers?: CtWindow
}

/** Maps a value to a grey level, 0 to 255, rounded. */
type Mapping = (value: number) => number

/**
 * Maps an image's values to grey levels.
 * @throws LabError 'bad-image' for values that the window has no rule for, or that are not finite
 */
export function applyWindow(stored: StoredImage, window: PixelWindow): Image {
  const { width, height, channels, samples, facts, slope = 1, intercept = 0, inverted } = stored
  if (facts.values === 'grey levels') return { width, height, channels, data: samples as Uint8Array }
  const { minimum, maximum } = extentOf(samples)
  if (Number.isNaN(minimum)) throw badImage('values that are not finite')
  const map = mappingFor(stored, window, maximum)
  const grey = (sample: number) => {
    const level = map(slope * sample + intercept)
    return inverted ? 255 - level : level
  }
  const data = new Uint8Array(samples.length)
  if (maximum - minimum <= 65535 && Number.isInteger(minimum) && !facts.sample.startsWith('f')) {
    // Of whole numbers each is mapped once.
    const levels = new Int16Array(maximum - minimum + 1).fill(-1)
    for (let i = 0; i < samples.length; i++) {
      const at = samples[i] - minimum
      data[i] = levels[at] >= 0 ? levels[at] : (levels[at] = grey(samples[i]))
    }
  } else for (let i = 0; i < samples.length; i++) data[i] = grey(samples[i])
  return { width, height, channels, data }
}

function mappingFor({ facts, display }: StoredImage, window: PixelWindow, maximum: number): Mapping {
  const { values, sample } = facts
  if (values === 'counts' && window.counts)
    return 'bits' in window.counts ? byBits(window.counts, maximum) : byWindow(window.counts)
  if (values === 'CT numbers' && window.ct) return byWindow(window.ct)
  if (values === 'radiograph') {
    if (window.radiographs) return byWindow(window.radiographs)
    if (display) return byDisplay(display)
  }
  if (values === 'numbers' && window.numbers) return byWindow(window.numbers)
  throw badImage(`${describeSamples(sample)} values: the data set has no window for them`,
    'Name a window when the data set is opened')
}

function byBits({ bits }: BitRange, maximum: number): Mapping {
  if (maximum >= 2 ** bits)
    throw badImage(`values up to ${maximum}: the data set's values have ${bits} bits, up to ${2 ** bits - 1}`)
  const shift = bits - 8
  return value => value >> shift
}

function byWindow(window: CtWindow): Mapping {
  return value => Math.round(greyLevel(value, window))
}

/** DICOM PS3.3, sections C.11.2.1.2 (windows) and C.11.2.1.1 (tables). */
function byDisplay(display: Display): Mapping {
  if (display.kind === 'table') {
    const { first, bits, entries } = display
    const top = 2 ** bits - 1
    const entry = (value: number) => Math.min(entries.length - 1, Math.max(0, Math.round(value) - first))
    return value => Math.round(255 * entries[entry(value)] / top)
  }
  if (display.kind === 'range') {
    const { low, high } = display
    return value => Math.round(255 * clampShare((value - low) / (high - low)))
  }
  const { center, width, shape } = display
  if (shape === 'sigmoid') return value => Math.round(255 / (1 + Math.exp(-4 * (value - center) / width)))
  if (shape === 'linear exact') return value => Math.round(255 * clampShare((value - center) / width + 0.5))
  if (width <= 1) return value => (value > center - 0.5 ? 255 : 0)
  return value => Math.round(255 * clampShare((value - (center - 0.5)) / (width - 1) + 0.5))
}

function clampShare(share: number): number {
  return share < 0 ? 0 : share > 1 ? 1 : share
}
