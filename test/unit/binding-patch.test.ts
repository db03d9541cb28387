/** The binding's patch fits the source that it changes, and the patched binding works as the patch promises. */
import { readFileSync } from 'node:fs'
import { applyPatch, parsePatch } from 'diff'
import { afterAll, describe, expect, test } from 'vitest'
import { attribute } from '../../src/lib/engine/native/attribute'
import { capabilities } from '../../src/lib/engine/native/binding'
import { nativeEngine, run } from '../../src/lib/engine/native/native-engine'
import { donate } from '../../src/lib/engine/tensor'
import { LabError } from '../../src/lib/system/errors'
import { inProject } from '../../src/lib/system/project-root'

const { tensor, read, release, tensorCount } = nativeEngine
const float = attribute.type('T', 'float')

test.each(parsePatch(readFileSync(inProject('native', 'binding.patch'), 'utf8')))(
  'fits $oldFileName', patch => {
    const name = patch.oldFileName!.replace(/^a\//, '')
    const source = readFileSync(inProject('node_modules', '@tensorflow', 'tfjs-node-gpu', 'binding', name), 'utf8')
    expect(applyPatch(source, patch)).not.toBe(false)
  })

describe.runIf(capabilities().patched)('the patched binding', () => {
  const before = tensorCount()
  afterAll(() => expect(tensorCount()).toBe(before))

  test('releases a donated input, and no other', () => {
    const a = tensor(Float32Array.of(1, -2), [2]), b = tensor(Float32Array.of(3, 4), [2])
    const count = tensorCount()
    const sum = run('AddV2', [float], a, donate(b))
    expect([...read(sum)]).toEqual([4, 2])
    expect([...read(a)]).toEqual([1, -2])
    expect(tensorCount()).toBe(count)
    release(a, sum)
  })

  test('reshapes to a second tensor on the same numbers, which outlives the first', () => {
    const one = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [6]), shape = tensor(Int32Array.of(2, 3), [2])
    const other = run('Reshape', [float, attribute.type('Tshape', 'int32')], donate(one), shape)
    expect(other.shape).toEqual([2, 3])
    expect([...read(other)]).toEqual([1, 2, 3, 4, 5, 6])
    release(other, shape)
  })

  test('rejects a shape with another number of elements', () => {
    const one = tensor(Float32Array.of(1, 2, 3), [3]), shape = tensor(Int32Array.of(2, 2), [2])
    expect(() => run('Reshape', [float, attribute.type('Tshape', 'int32')], one, shape)).toThrow(LabError)
    release(one, shape)
  })
})
