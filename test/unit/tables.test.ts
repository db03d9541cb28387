import { describe, expect, it } from 'vitest'
import { parseHTML } from 'linkedom'
import { formatEstimate, formatNumber } from '../../src/lib/display/format'
import { dataTable, toCsv, toHtml, toText } from '../../src/lib/display/tables'

const rows = [
  { part: 'train, "large"', images: 1984, accuracy: 0.123456789012345 },
  { part: '<test>', images: 7, accuracy: NaN },
]
const example = dataTable('parts', 'Parts & shares', rows, ['part', 'images', { key: 'accuracy', title: 'accuracy', format: 'percent' }], 'A note.')

describe('a table', () => {
  it('has the first row’s properties as columns unless others are named', () => {
    expect(dataTable('t', 'T', rows).columns.map(column => column.key)).toEqual(['part', 'images', 'accuracy'])
    expect(dataTable('t', 'T', []).columns).toEqual([])
  })

  it('becomes CSV in full precision, quoted where needed, undefined empty', () => {
    expect(toCsv(example)).toBe('part,images,accuracy\r\n"train, ""large""",1984,0.123456789012345\r\n<test>,7,\r\n')
  })

  it('becomes HTML that shows rounded numbers and carries them in full precision', () => {
    const { document } = parseHTML(`<html><body>${toHtml(example)}</body></html>`)
    const cells = [...document.querySelectorAll('td')]
    expect(document.querySelector('table')!.getAttribute('data-table')).toBe('parts')
    expect([...document.querySelectorAll('th')].map(cell => cell.getAttribute('data-key'))).toEqual(['part', 'images', 'accuracy'])
    expect(cells.map(cell => cell.getAttribute('data-value')))
      .toEqual(['train, "large"', '1984', '0.123456789012345', '<test>', '7', ''])
    expect(cells.map(cell => cell.textContent)).toEqual(['train, "large"', '1,984', '12.3\u00a0%', '<test>', '7', '–'])
    expect(document.querySelector('caption')!.textContent).toBe('Parts & shares')
  })

  it('keeps ranges, and numbers with their unit, on one line in narrow cells of HTML', () => {
    const { document } = parseHTML(toHtml(dataTable('t', '', [{ runs: '5 + 3', mean: '-1.5 % (-3.0 to 0.2)', time: '1 min 33 s', long: '2 h 3 min', words: 'not to be kept + whole' }])))
    expect([...document.querySelectorAll('td')].map(cell => cell.textContent.replaceAll('\u00a0', '_')))
      .toEqual(['5_+_3', '-1.5_% (-3.0_to_0.2)', '1_min_33_s', '2_h_3_min', 'not to be kept + whole'])
  })

  it('gives a long text a wide cell, so that its row is not a tower', () => {
    const { document } = parseHTML(toHtml(dataTable('t', '', [{ short: 'a few words', long: 'many words '.repeat(10) }])))
    expect([...document.querySelectorAll('td')].map(cell => /min-width/.test(cell.getAttribute('style')!))).toEqual([false, true])
  })

  it('becomes aligned text', () => {
    expect(toText(example)).toBe([
      'Parts & shares',
      'part            images  accuracy',
      'train, "large"   1,984    12.3 %',
      '<test>               7         –',
      'A note.',
    ].join('\n'))
  })
})

describe('numbers', () => {
  it.each([
    [-0.0002, 'percent', '0.0 %'],
    [0.1234, 'decimal', '0.123'], [0.00042, 'decimal', '4.2e-4'], [0, 'decimal', '0.000'], [-1.5, 'decimal', '-1.500'],
    [0.9128, 'percent', '91.3 %'], [-0.0115, 'points', '-1.1 points'], [-0.0002, 'points', '0.0 points'], [1234567.4, 'integer', '1,234,567'], [null, 'integer', '–'], [NaN, 'percent', '–'],
    [3.14159, 'seconds', '3.1 s'], [59.7, 'seconds', '1 min 0 s'], [125, 'seconds', '2 min 5 s'], [7380, 'seconds', '2 h 3 min'],
  ] as const)('%s as %s is %s', (value, format, shown) => {
    expect(formatNumber(value, format)).toBe(shown)
  })

  it('are followed by their interval, if there is one', () => {
    expect(formatEstimate({ value: 0.9, low: 0.85, high: 0.94 })).toBe('90.0 % (85.0 to 94.0)')
    expect(formatEstimate({ value: 0.95, low: 0.9, high: 0.98 }, 'decimal')).toBe('0.950 (0.900 to 0.980)')
    expect(formatEstimate({ value: 0.144, low: -0.002, high: 0.201 }, 'points')).toBe('14.4 points (-0.2 to 20.1)')
    expect(formatEstimate({ value: 1, low: NaN, high: NaN })).toBe('100.0 %')
  })
})
