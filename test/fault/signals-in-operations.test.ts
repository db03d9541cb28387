/** Signals that arrive while the engine computes: an interrupted training must not end in a crash. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

test('a thousand signals in the middle of matrix products change no number and crash nothing', () => {
  const words = ['--import', 'tsx', inProject('test', 'fixtures', 'signals', 'products.ts'), '1000']
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  const { products, different } = JSON.parse(stdout) as { products: number; different: number }
  expect(different).toBe(0)
  expect(products).toBeGreaterThan(20)
})
