/** What the error constructors say. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  damagedFile, LabError, oneOf, outOfRange, requireInRange, requireOneOf, wrongShape, type NumberRange,
} from '../../src/lib/system/errors'
import { parseJson } from '../../src/lib/system/json'

const caught = (work: () => unknown): LabError => {
  try {
    work()
  } catch (error) {
    return error as LabError
  }
  throw new Error('nothing was thrown')
}

describe('a number outside its range', () => {
  test.each<[NumberRange, string]>([
    [{ low: 0, high: 360 }, 'a number from 0 to 360'],
    [{ above: 0, high: 100 }, 'a number above 0, up to 100'],
    [{ low: 0, below: 1 }, 'a number from 0, below 1'],
    [{ low: 2, whole: true }, 'a whole number from 2'],
    [{ high: 5 }, 'a number of at most 5'],
    [{}, 'a number'],
  ])('%o reads %s', (range, words) =>
    expect(outOfRange('rotation', -1, range)).toMatchObject({
      code: 'bad-argument', expected: `rotation to be ${words}`, received: '-1', remedy: 'Choose rotation in this range',
    }))

  test.each<[unknown, NumberRange]>([
    [-1, { low: 0 }], [0, { above: 0 }], [1, { below: 1 }], [2, { high: 1 }], [1.5, { whole: true }], [NaN, {}],
    [Infinity, { low: 0 }], ['1', { low: 0 }], [undefined, {}], [2 ** 53, { whole: true }],
  ])('%s is refused by %o', (value, range) => expect(() => requireInRange('x', value, range)).toThrow(LabError))

  test.each<[number, NumberRange]>([[0, { low: 0 }], [1, { high: 1 }], [3, { whole: true, low: 3, high: 3 }]])(
    '%s is allowed by %o', (value, range) => expect(() => requireInRange('x', value, range)).not.toThrow())
})

describe('a word that is not allowed', () => {
  test('is answered with the allowed ones and the nearest', () =>
    expect(oneOf('head', 'liner', ['linear', 'reference'])).toMatchObject({
      code: 'bad-argument', expected: "head to be 'linear' or 'reference'", received: "'liner'", remedy: "Nearest: 'linear'",
    }))

  test('may be of any type', () => expect(oneOf('head', 3, ['a', 'b', 'c'])).toMatchObject({
    expected: "head to be 'a', 'b' or 'c'", received: '3', remedy: 'Choose one of them',
  }))

  test('is refused; an allowed one is not', () => {
    expect(() => requireOneOf('x', 'toString', ['a'])).toThrow(LabError)
    expect(() => requireOneOf('x', 'a', ['a'])).not.toThrow()
  })
})

test('a wrong shape shows both shapes', () =>
  expect(wrongShape('conv1_conv/kernel', [3, 3], [7, 7])).toMatchObject({
    code: 'shape-mismatch', expected: 'conv1_conv/kernel with shape [7, 7]', received: 'shape [3, 3]',
  }))

test('a damaged file names the file and the fault', () =>
  expect(damagedFile('run.json', 'seed is no number').message)
    .toBe('damaged-file: expected run.json to be whole, received seed is no number. Restore the file, or delete it.'))

describe('JSON from disk', () => {
  const schema = z.object({ rows: z.array(z.object({ seed: z.number() })) })

  test('comes back typed', () => expect(parseJson('a.json', '{"rows":[{"seed":1}],"more":2}', schema)).toEqual({ rows: [{ seed: 1 }] }))

  test('with a wrong value names its path', () =>
    expect(caught(() => parseJson('a.json', '{"rows":[{"seed":"1"}]}', schema)))
      .toMatchObject({ code: 'damaged-file', received: expect.stringContaining('rows.0.seed: ') }))

  test('cut short is damaged', () =>
    expect(caught(() => parseJson('a.json', '{"rows":', schema))).toMatchObject({ code: 'damaged-file' }))
})

describe('what a user sees of an error', () => {
  const stack = `LabError: bad
    at train (/project/build/lib/index.cjs:12151:11)
    at train (/project/src/lib/training/train.ts:12:11)
    at evalmachine.<anonymous>:5:22
    at async Promise.all (index 0)
    at Module._compile (node:internal/modules/cjs/loader:1:2)
    at run (/project/node_modules/tslab/dist/executor.js:1:2)
    at async fit (/home/me/mine.ts:3:4)
    at /home/me/mine.ts:9:1`
  const lines = '\n    at async fit (/home/me/mine.ts:3:4)\n    at /home/me/mine.ts:9:1'

  test('printed: the message first, then the lines of the user’s own files', () => {
    const error = oneOf('fit', 'stretch', ['squash', 'pad'])
    // Node puts the line that threw before the stack of an error in a cell.
    for (const written of [stack, `/project/build/lib/index.cjs:12151\n    throw new LabError(\n    ^\n\n${stack}`]) {
      error.stack = written
      expect(inspect(error)).toBe(`${error.message}${lines}`)
      expect(inspect([error])).not.toContain('build/lib')
    }
  })

  test('the stack of an error from the build has no lines of the build; that from the source has all', () => {
    const prepare = Error.prepareStackTrace
    const stackOf = (written: string) => {
      Error.prepareStackTrace = () => written
      try {
        return new LabError('bad-argument', { expected: 'a', received: 'b', remedy: 'C' }).stack
      } finally {
        Error.prepareStackTrace = prepare
      }
    }
    expect(stackOf(stack)).toBe(`bad-argument: expected a, received b. C.${lines}`)
    expect(stackOf(stack.replace('/build/lib', '/src/lib'))).toContain('train.ts:12:11')
  })
})
