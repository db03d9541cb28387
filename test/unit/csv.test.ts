import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { formatCsv, parseCsv } from '../../src/lib/system/csv'
import { inProject } from '../../src/lib/system/project-root'

describe('reading CSV', () => {
  it('follows RFC 4180 and skips empty lines', () => {
    expect(parseCsv('a,"b ""c"", d"\r\n\r\n,e\n"f\ng",')).toEqual([['a', 'b "c", d'], ['', 'e'], ['f\ng', '']])
    expect(parseCsv('')).toEqual([])
  })

  it('skips a byte order mark', () => expect(parseCsv('\ufeffa,b\n1,2')).toEqual([['a', 'b'], ['1', '2']]))
})

test('writing quotes cells that hold commas, quotes or line ends, and ends every row', () => {
  const rows = [['a', 'b "c"'], ['d, e', ''], ['f\ng', 'h\ri']]
  expect(formatCsv(rows)).toBe('a,"b ""c"""\r\n"d, e",\r\n"f\ng","h\ri"\r\n')
  expect(formatCsv([['a', 'b']], { lineEnd: '\n' })).toBe('a,b\n')
  expect(parseCsv(formatCsv(rows))).toEqual(rows)
  expect(formatCsv([])).toBe('')
})

const committed = [inProject('results', 'tables'), inProject('data', 'manifests')].flatMap(folder =>
  readdirSync(folder).filter(name => name.endsWith('.csv')).map(name => `${folder}/${name}`))

it.each(committed)('reads and writes %s to the same bytes', file => {
  const text = readFileSync(file, 'utf8')
  expect(formatCsv(parseCsv(text), { lineEnd: text.includes('\r\n') ? '\r\n' : '\n' })).toBe(text)
})
