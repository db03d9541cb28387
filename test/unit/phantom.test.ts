import { describe, expect, it, test } from 'vitest'
import { openPhantom, phantomMask, type Phantom, type PhantomOptions } from '../../src/lib/data/phantom/phantom'
import { LabError } from '../../src/lib/system/errors'
import { datasetOf } from '../fixtures/datasets'

const small: PhantomOptions = { patients: 8, slicesPerPatient: 4, size: 64 }
const grey = async (phantom: Phantom, index: number) => (await phantom.read(index)).data
const indices = (phantom: Phantom, label?: number) =>
  [...phantom.items.keys()].filter(i => label === undefined || phantom.items[i].label === label)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

describe('a phantom', () => {
  it('lists patients of both classes in equal number, each with its slices, sorted by name', async () => {
    const { items, labels, grouping } = await openPhantom({ patients: 12, slicesPerPatient: 3, size: 32 })
    expect(items.length).toBe(36)
    expect(labels).toEqual(['COVID', 'non-COVID'])
    expect(grouping).toBe('patient')
    expect(items.map(item => item.name)).toEqual(items.map(item => item.name).sort())
    expect(items[3]).toMatchObject({ name: 'patient 02/slice 1', group: 'patient 02' })
    const classOf = new Map(items.map(item => [item.group, item.label]))
    expect([...classOf.values()].filter(label => label === 0).length).toBe(6)
    for (const item of items) expect(item.label).toBe(classOf.get(item.group))
  })

  it('is marked as a phantom', async () => {
    const phantom = await openPhantom(small)
    expect(phantom.evidence).toBe('phantom')
    expect(phantom.notice).toContain('never evidence about disease')
  })

  it('is the same for the same seed, whatever the order in which slices are read; another seed gives another phantom', async () => {
    const one = await openPhantom(small), again = await openPhantom(small)
    const other = await openPhantom({ ...small, seed: 2 })
    const backwards: Uint8Array[] = []
    for (const index of indices(again).reverse()) backwards.unshift(await grey(again, index))
    for (const index of indices(one)) expect(await grey(one, index)).toEqual(backwards[index])
    expect(again.contentHash).toBe(one.contentHash)
    expect(other.contentHash).not.toBe(one.contentHash)
    expect(await grey(other, 0)).not.toEqual(backwards[0])
  })

  it('has pictures of the requested size that use the whole range of grey', async () => {
    const phantom = await openPhantom({ ...small, size: 80 })
    const { width, height, channels, data } = await phantom.read(5)
    expect([width, height, channels, data.length]).toEqual([80, 80, 1, 6400])
    expect(Math.min(...data)).toBeLessThan(90)
    expect(Math.max(...data)).toBe(255)
  })

  it.each([
    [{ patients: 1 }, 'patients'], [{ slicesPerPatient: 2.5 }, 'slicesPerPatient'], [{ size: 16 }, 'size'],
    [{ signal: -1 }, 'signal'], [{ nuisance: 3 }, 'nuisance'], [{ shortcut: NaN }, 'shortcut'], [{ seed: -1 }, 'seed'],
  ] as const)('refuses %o', async (wrong, name) => {
    await expect(openPhantom(wrong)).rejects.toThrow(LabError)
    await expect(openPhantom(wrong)).rejects.toThrow(name)
  })
})

describe('anatomy', () => {
  it('shows two dark lungs beside a bright spine', async () => {
    const phantom = await openPhantom({ ...small, signal: 0 })
    // Each patient's first slices; further down the liver comes up into the right lung.
    for (const index of indices(phantom).filter(i => i % 4 < 2)) {
      const data = await grey(phantom, index)
      const at = (x: number, y: number) => mean([-1, 0, 1].flatMap(dy => [-1, 0, 1].map(dx =>
        data[Math.round(y * 63 + dy) * 64 + Math.round(x * 63 + dx)])))
      const spine = at(0.5, 0.79)
      for (const x of [0.22, 0.78]) expect(at(x, 0.72)).toBeLessThan(spine - 60)
    }
  })

  it('changes smoothly down a patient: neighboring slices are more alike than slices of different patients', async () => {
    const phantom = await openPhantom({ ...small, slicesPerPatient: 8 })
    const pictures = await Promise.all(indices(phantom).map(index => grey(phantom, index)))
    const neighbours: number[] = [], strangers: number[] = []
    for (let i = 0; i + 9 < pictures.length; i++) {
      const together = phantom.items[i].group === phantom.items[i + 1].group
      if (together) neighbours.push(correlation(pictures[i], pictures[i + 1]))
      strangers.push(correlation(pictures[i], pictures[i + 8]))
    }
    expect(mean(neighbours)).toBeGreaterThan(mean(strangers) + 0.1)
  })
})

describe('lesions', () => {
  it('change the picture inside the mask, and nowhere far from it', async () => {
    const [ill, well] = [await openPhantom(small), await openPhantom({ ...small, signal: 0 })]
    let lesions = 0
    for (const index of indices(ill, 0)) {
      const { data: mask } = await phantomMask(ill, index)
      const [with_, without] = [await grey(ill, index), await grey(well, index)]
      const inside = [...mask.keys()].filter(i => mask[i] === 255)
      lesions += inside.length
      if (inside.length > 20) expect(mean(inside.map(i => with_[i] - without[i]))).toBeGreaterThan(15)
      const changed = [...mask.keys()].filter(i => Math.abs(with_[i] - without[i]) > 3)
      expect(changed.every(i => near(mask, i, 12))).toBe(true)
    }
    expect(lesions).toBeGreaterThan(1000)
  })

  it('of both classes have masks; without signal the masks are empty', async () => {
    for (const [signal, expected] of [[1, true], [0, false]] as const) {
      const phantom = await openPhantom({ ...small, patients: 16, signal })
      for (const label of [0, 1]) {
        const masks = await Promise.all(indices(phantom, label).map(index => phantomMask(phantom, index)))
        expect(masks.some(mask => mask.data.includes(255))).toBe(expected)
      }
    }
  })

  it('are further out in COVID than in the other class; in the hard setting nothing else differs', async () => {
    const phantom = await openPhantom({ ...small, patients: 16, hard: true })
    const outward = [[] as number[], [] as number[]], area = [[] as number[], [] as number[]]
    for (const index of indices(phantom)) {
      const { data } = await phantomMask(phantom, index)
      const inside = [...data.keys()].filter(i => data[i] === 255)
      const { label } = phantom.items[index]
      area[label].push(inside.length)
      outward[label].push(...inside.map(i => Math.abs(i % 64 - 31.5) / 32))
    }
    expect(mean(outward[0])).toBeGreaterThan(mean(outward[1]) + 0.2)
    expect(mean(area[0]) / mean(area[1])).toBeGreaterThan(0.6)
    expect(mean(area[0]) / mean(area[1])).toBeLessThan(1.7)
  })

  it('are known for phantoms only', async () => {
    await expect(phantomMask(datasetOf([]), 0)).rejects.toMatchObject({ code: 'bad-argument' })
    const phantom = await openPhantom(small)
    await expect(phantomMask(phantom, 32)).rejects.toThrow('from 0 to 31')
  })
})

test('the planted shortcut marks its share of COVID patients, and changes nothing else', async () => {
  const plain = await openPhantom(small)
  for (const shortcut of [0.5, 1]) {
    const planted = await openPhantom({ ...small, shortcut })
    const marked = new Set<string | null>()
    for (const index of indices(planted)) {
      const [before, after] = [await grey(plain, index), await grey(planted, index)]
      const changed = [...after.keys()].filter(i => before[i] !== after[i])
      if (changed.length === 0) continue
      marked.add(planted.items[index].group)
      expect(planted.items[index].label).toBe(0)
      for (const i of changed) expect(Math.max(i % 64, Math.floor(i / 64)), 'in the upper left corner').toBeLessThan(8)
    }
    expect(marked.size).toBe(4 * shortcut)
  }
})

test('without nuisance patients differ only in levels and vessels: their pictures become more alike', async () => {
  const likeness = async (nuisance: number) => {
    const phantom = await openPhantom({ ...small, nuisance, signal: 0 })
    const pictures = await Promise.all([0, 4, 8, 12, 16].map(index => grey(phantom, index)))
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
  const x = i % 64, y = Math.floor(i / 64)
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      if (x + dx >= 0 && x + dx < 64 && mask[(y + dy) * 64 + x + dx] === 255) return true
  return false
}
