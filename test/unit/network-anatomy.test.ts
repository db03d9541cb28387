/** What notebook 03b shows: signal and gradient through depth. */
import { describe, expect, it } from 'vitest'
import { probeDepth } from '../../src/lib/network/depth-probe'
import { tensorCount } from '../../src/lib/engine/engine'
import { stream } from '../../src/lib/system/random'

describe('signal and gradient through depth', () => {
  const numbers = stream('probe test')
  const data = Uint8Array.from({ length: 1024 }, () => numbers.integer(256))
  const images = { size: 16, channels: 1 as const, count: 4, data }
  const first = (network: Parameters<typeof probeDepth>[1]) => probeDepth(images, network)[0].gradient

  it('small start weights make both vanish: each layer halves the variance', () => {
    const rows = probeDepth(images, { depth: 30, gain: 1 })
    expect(rows).toHaveLength(30)
    expect(rows[29].signal / rows[0].signal).toBeLessThan(1e-3)
    expect(rows[0].gradient).toBeLessThan(1e-3)
    expect(rows[29].gradient).toBe(1)
  })

  it('batch normalization preserves the signal, but gradients grow toward the input; skip connections limit them', () => {
    const rows = probeDepth(images, { depth: 30, normalize: true })
    expect(rows[29].signal / rows[0].signal).toBeGreaterThan(0.5)
    expect(first({ depth: 30, normalize: true })).toBeGreaterThan(30)
    expect(first({ depth: 30, normalize: true, skip: true })).toBeLessThan(20)
  })

  it('the same seed gives the same numbers, and no tensor stays in the engine', () => {
    const before = tensorCount()
    const network = { depth: 3, skip: true, normalize: true }
    expect(probeDepth(images, network)).toEqual(probeDepth(images, network))
    expect(tensorCount()).toBe(before)
  })
})
