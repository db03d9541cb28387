/** How a DICOM file asks to be shown: its VOI (values of interest) as a table or a window (PS3.3, section C.11.2). */
import { badImage } from '../bad-image'
import type { Display } from '../stored-image'
import type { DataSet } from './data-set'

/** Reads the first table, else the first window; undefined where the file has neither. @throws LabError 'bad-image' */
export function readDisplay(data: DataSet, signed: boolean): Display | undefined {
  return readTable(data, signed) ?? readWindow(data)
}

type Shape = (Display & { kind: 'window' })['shape']
const shapes: ReadonlyMap<string, Shape> =
  new Map([['LINEAR', 'linear'], ['LINEAR_EXACT', 'linear exact'], ['SIGMOID', 'sigmoid']])

function readWindow(data: DataSet): Display | undefined {
  const center = data.floatString('x00281050'), width = data.floatString('x00281051')
  if (center === undefined || width === undefined) return undefined
  const named = data.string('x00281056') ?? 'LINEAR'
  const shape = shapes.get(named)
  const whole = Number.isFinite(center) && (shape === 'linear' ? width >= 1 : width > 0)
  if (!shape || !whole) throw badImage(`a DICOM file whose window is none: center ${center}, width ${width}, ${named}`)
  return { kind: 'window', center, width, shape }
}

function readTable(data: DataSet, signed: boolean): Display | undefined {
  const table = data.elements.x00283010?.items?.[0]?.dataSet
  const descriptor = table?.elements.x00283002, content = table?.elements.x00283006
  if (!table || !descriptor || !content) return undefined
  const count = table.uint16('x00283002', 0) || 65536
  const first = (signed ? table.int16('x00283002', 1) : table.uint16('x00283002', 1)) ?? 0
  const bits = table.uint16('x00283002', 2) ?? 16
  // Entries are words; some writers pack tables of 8 bits into bytes.
  const size = content.length >= 2 * count ? 2 : 1
  if (content.length < count * size || bits < 1 || bits > 16) throw badImage('a DICOM file whose VOI table is damaged')
  const entries = Array.from({ length: count }, (_, i) =>
    (size === 2 ? table.uint16('x00283006', i)! : table.byteArray[content.dataOffset + i]))
  return { kind: 'table', first, bits, entries }
}
