/** Tables of no rows, of hundreds of rows, and of long or foreign names. */
import { parseHTML } from 'linkedom'
import { describe, expect, it, test } from 'vitest'
import { parseCsv } from '../../src/lib/system/csv'
import { formatEstimate, formatNumber } from '../../src/lib/display/format'
import { columnsOf, shortenText, wrapText, wrapToLines } from '../../src/lib/display/letters'
import { dataTable, toCsv, toHtml, toText } from '../../src/lib/display/tables'
import { collect } from '../../src/lib/report/collect'
import { shownOf } from '../../src/lib/notebook/show'

const patients = (count: number) => Array.from({ length: count }, (_, i) =>
  ({ name: `"p" & <${i}>, 胸`, images: i, share: i % 3 ? i / 7 : NaN }))

function pageOf(markup: string) {
  return parseHTML(`<html><body>${markup}</body></html>`).document
}

/** What the report makes of a table: its CSV, and how many rows it shows. */
function reported(markup: string) {
  const notebook = { cells: [{ cell_type: 'code', outputs: [{ data: { 'text/html': markup } }] }] }
  const [{ table, cells }] = collect(notebook, '01').tables
  return { csv: toCsv(table), shown: cells.length, note: table.note }
}

describe('a table of 1,213 rows', () => {
  const rows = patients(1213), table = dataTable('patients', 'Patients', rows, undefined, 'A note.')

  it('shows the first twenty in a notebook and says how many there are', () => {
    for (const markup of [toHtml(table), shownOf(rows).html]) {
      const page = pageOf(markup)
      expect(page.querySelectorAll('tbody tr').length).toBe(20)
      expect(page.querySelector('tfoot')!.textContent).toContain('20 of 1,213 rows; all are in the CSV')
      expect(markup.length).toBeLessThan(200_000)
    }
  })

  it('shows the first twenty in a terminal, and all where a command asks for them', () => {
    expect(toText(table).split('\n').slice(-2)).toEqual(['20 of 1,213 rows.', 'A note.'])
    expect(toText(table).split('\n')).toHaveLength(1 + 1 + 20 + 2)
    expect(toText(table, Infinity).split('\n')).toHaveLength(1 + 1 + 1213 + 1)
  })

  it('has all rows in the report’s CSV, in full precision', () => {
    const { csv, shown, note } = reported(toHtml(table))
    expect({ shown, note }).toEqual({ shown: 20, note: 'A note.' })
    expect(csv).toBe(toCsv(table))
    expect(parseCsv(csv)[1213]).toEqual(['"p" & <1212>, 胸', '1212', ''])
  })
})

test('a table of forty rows is whole, one of forty-one is not', () => {
  const shown = (count: number) => pageOf(toHtml(dataTable('t', '', patients(count)))).querySelectorAll('tbody tr').length
  expect([shown(40), shown(41)]).toEqual([40, 20])
})

test('a report refuses a long table whose further rows were damaged', () => {
  const markup = toHtml(dataTable('t', '', patients(50)))
  expect(() => reported(markup.replace('data-more="[', 'data-more="{'))).toThrow(/damaged-file: .*table t/)
})

describe('a table without rows', () => {
  it('says so, with its columns and its note', () => {
    const table = dataTable('none', 'Mistakes', [], ['name', 'class'], 'Of 12 images.')
    expect(toText(table)).toBe('Mistakes\nname  class\nNo rows.\nOf 12 images.')
    const page = pageOf(toHtml(table))
    expect(page.querySelector('tfoot')!.textContent).toBe('No rows.')
    expect(reported(toHtml(table))).toEqual({ csv: 'name,class\r\n', shown: 0, note: 'Of 12 images.' })
    expect(shownOf([]).text).toBe('No rows.')
  })
})

describe('cells', () => {
  it('without a value show –', () => {
    const rows = [{ a: 3, b: null, c: NaN, d: 'x' }, { a: undefined, b: 0.5, c: Infinity, d: undefined }]
    expect(toText(dataTable('t', '', rows)).split('\n').map(line => line.trim().split(/ +/)))
      .toEqual([['a', 'b', 'c', 'd'], ['3', '–', '–', 'x'], ['–', '0.500', '∞', '–']])
    expect(toCsv(dataTable('t', '', rows))).toBe('a,b,c,d\r\n3,,,x\r\n,0.5,Infinity,\r\n')
    for (const value of [null, undefined, NaN]) expect(formatNumber(value, 'percent')).toBe('–')
    expect([formatNumber(Infinity, 'seconds'), formatNumber(-Infinity)]).toEqual(['∞', '-∞'])
    expect(formatEstimate({ value: NaN, low: NaN, high: NaN })).toBe('–')
  })

  it('of long lists count their elements; short ones are written out', () => {
    const rows = [{ label: 'COVID', greys: new Uint8Array(5000), few: [1, NaN, 3], facts: { mean: 1 } }]
    expect(toText(dataTable('t', '', rows)).split('\n')[1]).toMatch(/^COVID +5,000 values +1, –, 3 +\{ mean \}$/)
  })

  it('of columns that only a later row has are shown', () => {
    expect(toText(dataTable('t', '', [{ a: 1 }, { a: 2, b: 3 }])).split('\n')[0]).toBe('a  b')
  })

  it('need rows that are objects', () => {
    expect(() => dataTable('t', '', [{ a: 1 }, null] as never)).toThrow(/bad-argument: expected rows that are objects, received null as row 1/)
    expect(() => dataTable('t', '', ['one.png'] as never)).toThrow(/one\.png/)
  })
})

describe('long and foreign names', () => {
  const long = `${'scan_of_patient_'.repeat(12)}0001.png`

  it('are wrapped in text, with all their letters', () => {
    const lines = toText(dataTable('t', '', [{ file: long, images: 1 }, { file: 'b.png', images: 20 }])).split('\n')
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(85)
    expect(lines.slice(1, -1).map(line => line.split(' ')[0]).join('')).toBe(long)
  })

  it('keep columns aligned: Chinese letters and emoji are twice as wide, accents take no room', () => {
    expect(['胸部', '🫁', '👩‍⚕️', 'é', 'e\u0301', 'نصف', 'abc'].map(columnsOf)).toEqual([4, 2, 2, 1, 1, 3, 3])
    const lines = toText(dataTable('t', '', [{ file: '胸部.png', n: 1 }, { file: 'chest.png', n: 20 }])).split('\n')
    expect(new Set(lines.map(columnsOf)).size).toBe(1)
  })

  it('may break in HTML, and are escaped', () => {
    const cells = pageOf(toHtml(dataTable('t', long, [{ [long]: long, b: `<b>&"'` }]))).querySelectorAll('td, th')
    expect([...cells].map(cell => /anywhere/.test(cell.getAttribute('style')!))).toEqual([true, false, true, false])
    expect([...cells].map(cell => cell.textContent)).toEqual([long, 'b', long, `<b>&"'`])
  })

  it('hold no character that a page or an SVG may not hold', () => {
    expect(toHtml(dataTable('t', '', [{ a: 'x\u0001y\ud800z' }]))).toContain('x\ufffdy\ufffdz')
  })
})

describe('text', () => {
  it('breaks at blanks, then behind marks, then between letters', () => {
    expect(wrapText('a bc d', 4)).toEqual(['a bc', 'd'])
    expect(wrapText('one_two_three', 9)).toEqual(['one_two_', 'three'])
    expect(wrapText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    expect(wrapText('👩‍⚕️👩‍⚕️', 1)).toEqual(['👩‍⚕️', '👩‍⚕️'])
    expect(wrapText('', 3)).toEqual([''])
  })

  it('loses its middle where it is too long', () => {
    expect(shortenText('abcdefghij', 5)).toBe('ab…ij')
    expect(shortenText('abcde', 5)).toBe('abcde')
    expect(shortenText('胸部画像正面', 6)).toBe('胸…面')
    const lines = wrapToLines('x'.repeat(500), 10, 3)
    expect(lines.length).toBeLessThanOrEqual(3)
    expect(lines.join('')).toMatch(/^x+…x+$/)
  })
})
