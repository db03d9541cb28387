/**
 * Cells of a spreadsheet's first sheet (Office Open XML, ECMA-376 part 1, sections 18.3 and 18.4). Texts are searched
 * from front to back once: a pattern that looks for an element's end from each of its beginnings would never come to
 * an end in a file of beginnings.
 */
import { damagedFile } from '../../system/errors'

/** Columns of a sheet: XFD is the last. */
const mostColumns = 16_384

/**
 * Rows of a sheet; empty cells are ''.
 * @param sheet the XML of the sheet
 * @param strings the XML of the texts that its cells share
 * @param file named in errors
 * @throws LabError 'damaged-file'
 */
export function sheetRows(sheet: string, strings: string, file: string): string[][] {
  const shared = Array.from(elements(strings, 'si'), ({ content }) => runs(content))
  return Array.from(elements(sheet, 'row'), ({ content }) => {
    const cells: string[] = []
    for (const { tag, content: cell } of elements(content, 'c')) {
      const column = columnIndex(/\br="([A-Z]{1,8})\d+"/.exec(tag)?.[1] ?? '') ?? cells.length
      if (column >= mostColumns) throw damagedFile(file, 'a cell beyond the last column', 'Get the file again')
      cells[column] = cellText(/\bt="(\w{1,20})"/.exec(tag)?.[1], cell, shared, file)
    }
    return Array.from(cells, cell => cell ?? '')
  })
}

function cellText(type: string | undefined, cell: string, shared: readonly string[], file: string): string {
  if (type === 'inlineStr') return runs(cell)
  const value = [...elements(cell, 'v')][0]?.content ?? ''
  if (type !== 's' || value === '') return unescapeXml(value)
  const text = /^\d+$/.test(value) ? shared[Number(value)] : undefined
  if (text === undefined) throw damagedFile(file, `a cell with a text that is not there: ${value.slice(0, 20)}`, 'Get the file again')
  return text
}

/** Each text may be cut into runs of different fonts; hints on pronunciation (rPh) are not part of it. */
function runs(xml: string): string {
  let plain = '', from = 0
  for (const { start, end } of elements(xml, 'rPh')) {
    plain += xml.slice(from, start)
    from = end
  }
  return Array.from(elements(plain + xml.slice(from), 't'), ({ content }) => unescapeXml(content)).join('')
}

interface XmlElement { tag: string; content: string; start: number; end: number }

/** The elements of a name, one after another; none inside another of the same name. */
function* elements(xml: string, name: string): Generator<XmlElement> {
  const begins = `<${name}`, ends = `</${name}>`
  for (let from = 0; ;) {
    const start = xml.indexOf(begins, from)
    if (start < 0) return
    const tagEnd = xml.indexOf('>', start)
    if (tagEnd < 0) return
    from = tagEnd + 1
    if (!/[\s/>]/.test(xml[start + begins.length])) continue
    const tag = xml.slice(start, tagEnd)
    if (tag.endsWith('/')) yield { tag, content: '', start, end: from }
    else {
      const close = xml.indexOf(ends, from)
      if (close < 0) return
      yield { tag, content: xml.slice(from, close), start, end: from = close + ends.length }
    }
  }
}

/** 'A' is 0, 'AA' 26. */
function columnIndex(letters: string): number | null {
  return letters === '' ? null : [...letters].reduce((index, letter) => 26 * index + letter.charCodeAt(0) - 64, 0) - 1
}

const named: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]])

function unescapeXml(escaped: string): string {
  return escaped.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,10}));/gi, (all, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named.get(name) ?? all
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
