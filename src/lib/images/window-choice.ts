/** Decides how a data set's values become grey levels: once, from all of its files. */
import { LabError, oneOf, outOfRange } from '../system/errors'
import { badImage } from './bad-image'
import { ctWindows, type CtWindow } from './ct-window'
import type { ImageScan } from './image-scan'
import type { PixelWindow } from './pixel-window'
import { describeSamples } from './sample'
import type { ValueKind } from './stored-image'

/** A window by name, by center and width, or 'own': each DICOM radiograph as it says itself, all else as by default. */
export type WindowRequest = keyof typeof ctWindows | 'own' | CtWindow

/** The bits that unsigned values are taken to have. */
const bitDepths = [8, 10, 12, 14, 16]
/** Air and fat are in every CT slice: values of a whole set that reach down to here, and no further, are CT numbers. */
const airFrom = -4096
const airTo = -500

/**
 * Decides the window of a set.
 * @param scans every file's facts, and its least and greatest value
 * @param request the window that the user or the set names. Without it: CT is shown in the lung window, other DICOM
 *   files as they say themselves, and unsigned 16-bit values by the fewest bits that hold the set's greatest value
 * @returns the window, and one sentence for each kind of value that is not 8-bit
 * @throws LabError 'bad-image' for signed or fractional values that are no CT numbers, where no window is named;
 *   'bad-argument' for a window that does not exist
 */
export function chooseWindow(
  scans: readonly ImageScan[], request?: WindowRequest,
): { window: PixelWindow; sentences: string[] } {
  const requested = resolveRequest(request)
  const window: PixelWindow = {}
  const sentences: string[] = []
  const each = (kind: ValueKind, work: (of: ImageScan[]) => void) => {
    const found = scans.filter(({ facts }) => facts.values === kind)
    if (found.length > 0) work(found)
  }
  each('counts', found => {
    window.counts = requested ?? { bits: bitsOf(found) }
    sentences.push('bits' in window.counts
      ? `16-bit files hold values of ${window.counts.bits} bits: 0 is black, ${2 ** window.counts.bits - 1} white.`
      : `16-bit files are shown ${describeWindow(window.counts)}.`)
  })
  each('CT numbers', () => {
    window.ct = requested ?? ctWindows.lung
    sentences.push(`CT numbers are shown ${describeWindow(window.ct)}.`)
  })
  each('radiograph', () => {
    if (requested) window.radiographs = requested
    sentences.push(requested ? `Radiographs are shown ${describeWindow(requested)}.`
      : 'Each radiograph is shown as its DICOM file says.')
  })
  each('numbers', found => {
    window.numbers = requested ?? lungIfCt(found)
    sentences.push(`${numbersIn(found)} are shown ${describeWindow(window.numbers)}.`)
  })
  return { window, sentences }
}

function resolveRequest(request: WindowRequest | undefined): CtWindow | undefined {
  if (request === undefined || request === 'own') return undefined
  if (typeof request === 'string') {
    if (Object.hasOwn(ctWindows, request)) return ctWindows[request]
    throw oneOf('window', request, [...Object.keys(ctWindows), 'own'])
  }
  const { center, width } = request
  if (!Number.isFinite(center)) throw outOfRange('window.center', center, {})
  if (!(Number.isFinite(width) && width > 0)) throw outOfRange('window.width', width, { above: 0 })
  return { center, width }
}

/** The bits that files name, if the set's values fit; else the fewest that hold the greatest value. */
function bitsOf(scans: readonly ImageScan[]): number {
  const maximum = scans.reduce((most, scan) => Math.max(most, scan.maximum), 0)
  // Many programs write 16 bits whatever the values are: that says nothing.
  const named = scans.reduce((most, { facts: { bits = 16 } }) => (bits < 16 ? Math.max(most, bits) : most), 0)
  // A PNG may name 12 bits and yet spread their values over all 16, as its specification asks.
  if (named > 0 && maximum >= 2 ** named && scans.every(({ facts }) => facts.format === 'png')) return 16
  const depths = [...bitDepths, named].sort((a, b) => a - b)
  return depths.find(bits => bits >= Math.max(named, 8) && maximum < 2 ** bits) ?? 16
}

function lungIfCt(scans: readonly ImageScan[]): CtWindow {
  for (const type of new Set(scans.map(({ facts }) => facts.sample))) {
    const found = scans.filter(({ facts }) => facts.sample === type)
    const { minimum, maximum } = extent(found)
    if (!(minimum >= airFrom && minimum <= airTo))
      throw badImage(`${describeSamples(type)} values: from ${minimum} to ${maximum}, whose meaning no file says`,
        "Name a window when the set is opened, such as window: 'lung' for CT numbers, or { center: 0.5, width: 1 }")
  }
  return ctWindows.lung
}

function extent(scans: readonly ImageScan[]): { minimum: number; maximum: number } {
  return scans.reduce(({ minimum, maximum }, scan) =>
    ({ minimum: Math.min(minimum, scan.minimum), maximum: Math.max(maximum, scan.maximum) }),
  { minimum: Infinity, maximum: -Infinity })
}

function numbersIn(scans: readonly ImageScan[]): string {
  const types = [...new Set(scans.map(({ facts }) => describeSamples(facts.sample)))]
  const { minimum, maximum } = extent(scans)
  return `Values from ${Number(minimum.toPrecision(6))} to ${Number(maximum.toPrecision(6))} (${types.join(', ')})`
}

/** 'in a window from −1350 (black) to 150 (white)' */
function describeWindow({ center, width }: CtWindow): string {
  return `in a window from ${center - width / 2} (black) to ${center + width / 2} (white)`
}

/** A request as a command or a file writes it: a name, or 'CENTER,WIDTH'. @throws LabError 'bad-argument' */
export function parseWindow(text: string): WindowRequest {
  const numbers = /^(-?\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text)
  if (numbers) return { center: Number(numbers[1]), width: Number(numbers[2]) }
  if (text === 'own' || Object.hasOwn(ctWindows, text)) return text as WindowRequest
  throw new LabError('bad-argument', {
    expected: `a window: ${Object.keys(ctWindows).join(', ')}, own, or CENTER,WIDTH such as -600,1500`,
    received: JSON.stringify(text), remedy: 'Correct the window',
  })
}
