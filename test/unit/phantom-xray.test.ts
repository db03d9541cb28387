import { describe, expect, it, test } from 'vitest'
import { openXrayPhantom, type XrayPhantomOptions } from '../../src/lib/data/phantom-xray/phantom-xray'
import { phantomMask, type Phantom } from '../../src/lib/data/phantom/phantom'
import { LabError } from '../../src/lib/system/errors'

const size = 64
const small: XrayPhantomOptions = { patients: 8, imagesPerPatient: 3, size }
const grey = async (phantom: Phantom, index: number) => (await phantom.read(index)).data
const indices = (phantom: Phantom, label?: number) =>
  [...phantom.items.keys()].filter(i => label === undefined || phantom.items[i].label === label)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const siteOf = (phantom: Phantom, index: number) => phantom.items[index].name.slice(0, 6)
/** Mean grey of 3 × 3 pixels around a point; both coordinates from 0 to 1. */
const around = (data: Uint8Array, x: number, y: number) => mean([-1, 0, 1].flatMap(dy => [-1, 0, 1].map(dx =>
  data[Math.round(y * (size - 1) + dy) * size + Math.round(x * (size - 1) + dx)])))

describe('an X-ray phantom', () => {
  it('lists patients of both classes in equal number, each at one site, sorted by name', async () => {
    const { items, labels, grouping, modality } = await openXrayPhantom({ patients: 12, imagesPerPatient: 3, size: 32 })
    expect(items.length).toBe(36)
    expect([labels, grouping, modality]).toEqual([['opacity', 'clear'], 'patient', 'X-ray'])
    expect(items.map(item => item.name)).toEqual(items.map(item => item.name).sort())
    for (const site of ['site A', 'site B'])
      for (const label of [0, 1])
        expect(items.filter(item => item.name.startsWith(site) && item.label === label).length).toBe(9)
    const known = new Map(items.map(item => [item.group, `${item.label} ${item.name.slice(0, 17)}`]))
    expect(known.size).toBe(12)
    for (const item of items) expect(`${item.label} ${item.name.slice(0, 17)}`).toBe(known.get(item.group))
  })

  it('is marked as a phantom', async () => {
    const phantom = await openXrayPhantom(small)
    expect(phantom.evidence).toBe('phantom')
    expect(phantom.notice).toContain('never evidence about disease')
  })

  it('is the same for the same seed, in whatever order it is read; another seed gives another phantom', async () => {
    const one = await openXrayPhantom(small), again = await openXrayPhantom(small)
    const other = await openXrayPhantom({ ...small, seed: 2 })
    const backwards: Uint8Array[] = []
    for (const index of indices(again).reverse()) backwards.unshift(await grey(again, index))
    for (const index of indices(one)) expect(await grey(one, index)).toEqual(backwards[index])
    expect(again.contentHash).toBe(one.contentHash)
    expect(other.contentHash).not.toBe(one.contentHash)
    expect(await grey(other, 0)).not.toEqual(backwards[0])
  })

  it('has pictures of the requested size, from black to nearly white, and no two of them alike', async () => {
    const phantom = await openXrayPhantom({ ...small, size: 80 })
    const { width, height, channels, data } = await phantom.read(5)
    expect([width, height, channels, data.length]).toEqual([80, 80, 1, 6400])
    expect(Math.min(...data)).toBe(0)
    expect(Math.max(...data)).toBeGreaterThan(230)
    const pictures = await Promise.all(indices(phantom).map(index => grey(phantom, index)))
    expect(new Set(pictures.map(data => Buffer.from(data).toString('hex'))).size).toBe(pictures.length)
  })

  it.each([
    [{ patients: 1 }, 'patients'], [{ imagesPerPatient: 2.5 }, 'imagesPerPatient'], [{ size: 16 }, 'size'],
    [{ signal: -1 }, 'signal'], [{ nuisance: 3 }, 'nuisance'], [{ shortcut: NaN }, 'shortcut'], [{ seed: -1 }, 'seed'],
  ] as const)('refuses %o', async (wrong, name) => {
    await expect(openXrayPhantom(wrong)).rejects.toThrow(LabError)
    await expect(openXrayPhantom(wrong)).rejects.toThrow(name)
  })

  it('refuses an option that it does not have', async () => {
    await expect(openXrayPhantom({ slicesPerPatient: 3 } as XrayPhantomOptions)).rejects.toThrow('slicesPerPatient')
  })
})

describe('anatomy', () => {
  it('shows two dark lungs beside a bright middle, a bright abdomen, and the heart on the right of it', async () => {
    const phantom = await openXrayPhantom({ ...small, signal: 0 })
    for (const index of indices(phantom)) {
      const data = await grey(phantom, index)
      const spine = around(data, 0.5, 0.55)
      for (const x of [0.27, 0.74]) expect(around(data, x, 0.35)).toBeLessThan(spine - 50)
      for (const x of [0.3, 0.6]) expect(around(data, x, 0.93)).toBeGreaterThan(around(data, 0.27, 0.35) + 50)
    }
    const pictures = await Promise.all(indices(phantom).map(index => grey(phantom, index)))
    const brightness = (x: number) => mean(pictures.map(data => around(data, x, 0.62)))
    expect(brightness(0.64)).toBeGreaterThan(brightness(0.36) + 30)
  })

  it('of one patient is more alike than that of two', async () => {
    const phantom = await openXrayPhantom({ ...small, signal: 0 })
    const pictures = await Promise.all(indices(phantom).map(index => grey(phantom, index)))
    const same: number[] = [], other: number[] = []
    pictures.forEach((a, i) => pictures.slice(0, i).forEach((b, j) => {
      if (siteOf(phantom, i) !== siteOf(phantom, j)) return
      const list = phantom.items[i].group === phantom.items[j].group ? same : other
      list.push(correlation(a, b))
    }))
    expect(mean(same)).toBeGreaterThan(mean(other))
  })

  it('is darker in the lungs of site B, and each site has its letter on its side', async () => {
    const phantom = await openXrayPhantom({ ...small, patients: 16, signal: 0 })
    const lung: Record<string, number[]> = { 'site A': [], 'site B': [] }
    for (const index of indices(phantom)) {
      const data = await grey(phantom, index)
      lung[siteOf(phantom, index)].push(around(data, 0.27, 0.35))
      // The letters lie in the upper 18 % of the picture, at its left (R) or right (L) edge.
      const corner = (from: number) => Math.max(...[...data.keys()]
        .filter(i => i < 0.18 * size * size && i % size >= from && i % size < from + 6).map(i => data[i]))
      const site = siteOf(phantom, index)
      expect(corner(site === 'site A' ? 57 : 2)).toBeGreaterThan(150)
    }
    expect(mean(lung['site A'])).toBeGreaterThan(mean(lung['site B']) + 15)
  })
})

describe('opacities', () => {
  it('brighten the picture inside the mask, and change nothing far from it', async () => {
    const [ill, well] = [await openXrayPhantom(small), await openXrayPhantom({ ...small, signal: 0 })]
    let marked = 0
    for (const index of indices(ill, 0)) {
      const { data: mask } = await phantomMask(ill, index)
      const [with_, without] = [await grey(ill, index), await grey(well, index)]
      const inside = [...mask.keys()].filter(i => mask[i] === 255)
      marked += inside.length
      if (inside.length > 20) expect(mean(inside.map(i => with_[i] - without[i]))).toBeGreaterThan(6)
      const changed = [...mask.keys()].filter(i => Math.abs(with_[i] - without[i]) > 3)
      expect(changed.every(i => near(mask, i, 8))).toBe(true)
    }
    expect(marked).toBeGreaterThan(500)
  })

  it('are in every image of one class and none of the other; without signal nowhere', async () => {
    for (const [signal, expected] of [[1, true], [0, false]] as const) {
      const phantom = await openXrayPhantom({ ...small, patients: 16, signal })
      for (const index of indices(phantom)) {
        const { data } = await phantomMask(phantom, index)
        expect(data.includes(255)).toBe(expected && phantom.items[index].label === 0)
      }
    }
  })

  it('have no mask for an index that the set does not have', async () => {
    await expect(phantomMask(await openXrayPhantom(small), 24)).rejects.toThrow('from 0 to 23')
  })
})

test('the planted shortcut puts patients with opacities at site A and the others at site B', async () => {
  const { items } = await openXrayPhantom({ ...small, shortcut: 1 })
  for (const { name, label } of items) expect(name.slice(0, 6)).toBe(label === 0 ? 'site A' : 'site B')
  const half = (await openXrayPhantom({ ...small, shortcut: 0.5 })).items
  expect(half.filter(item => item.label === 0 && item.name.startsWith('site A')).length).toBe(9)
})

test('without nuisance patients differ only in vessels: their pictures become more alike', async () => {
  const likeness = async (nuisance: number) => {
    const phantom = await openXrayPhantom({ ...small, nuisance, signal: 0 })
    const pictures = await Promise.all([0, 3, 6, 9].map(index => grey(phantom, index)))
    return mean(pictures.slice(1).map((picture, i) => correlation(picture, pictures[i])))
  }
  expect(await likeness(0)).toBeGreaterThan(await likeness(2))
})

/** Pearson's. */
function correlation(a: Uint8Array, b: Uint8Array): number {
  const meanA = mean([...a]), meanB = mean([...b])
  let ab = 0, aa = 0, bb = 0
  a.forEach((value, i) => {
    ab += (value - meanA) * (b[i] - meanB)
    aa += (value - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  })
  return ab / Math.sqrt(aa * bb)
}

/** Whether the mask has a pixel within `reach` of pixel `i`, both ways. */
function near(mask: Uint8Array, i: number, reach: number): boolean {
  const x = i % size, y = Math.floor(i / size)
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      if (x + dx >= 0 && x + dx < size && mask[(y + dy) * size + x + dx] === 255) return true
  return false
}
