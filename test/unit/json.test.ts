/** JSON from elsewhere: parsed to a limited depth, and never a fault without a type. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseJson, parsePlain } from '../../src/lib/system/json'
import { recordOf } from '../../src/lib/system/json-parts'
import { decodeSafetensors } from '../../src/lib/weights/formats/safetensors'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

test('lists and objects lie in one another at most 100 deep', () => {
  expect(JSON.stringify(parsePlain(nested(100)))).toBe(nested(100))
  expect(() => parsePlain(nested(101))).toThrow('more than 100 deep')
  expect(() => parsePlain('{"a":'.repeat(101) + '1' + '}'.repeat(101))).toThrow('more than 100 deep')
})

test('brackets in texts do not count, quotes in texts do not end them', () => {
  const text = JSON.stringify({ a: '['.repeat(500), b: '\\"'.repeat(50) + '{'.repeat(500), c: '\\' })
  expect(JSON.stringify(parsePlain(text))).toBe(text)
})

test('what is no JSON is told by a typed error, however deep it is', () => {
  for (const text of ['', '{', '[1,', nested(20_000), '"', '"\\', ']'.repeat(10)])
    expect(() => parseJson('settings.json', text, z.unknown())).toThrow(/damaged-file.*settings\.json/)
})

test('records keep and check every key, whatever its name', () => {
  const text = '{"__proto__": 30, "constructor": 2, "2": 1}'
  const record = parseJson('counts.json', text, recordOf(z.number()))
  expect(Object.entries(record)).toEqual([['2', 1], ['__proto__', 30], ['constructor', 2]])
  expect(() => parseJson('counts.json', '{"__proto__": "no number"}', recordOf(z.number()))).toThrow(/damaged-file.*__proto__/)
  for (const other of ['[]', 'null', '1', '"a"'])
    expect(() => parseJson('counts.json', other, recordOf(z.number())), other).toThrow(/damaged-file.*expected record/)
})

test('a nested header of a safetensors file is refused', () => {
  const header = Buffer.from(`{"a":${nested(20_000)}}`), length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  expect(() => decodeSafetensors(Buffer.concat([length, header]), 'deep.safetensors'))
    .toThrow(/bad-tensor-file.*deep\.safetensors.*more than 100 deep/)
})
