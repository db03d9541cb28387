/** The map of images by a network's features: principal components, neighbors, layout, colors. */
import { beforeAll, describe, expect, it, test } from 'vitest'
import { neighborMap } from '../../src/lib/audit/neighbor-map'
import { principalComponents } from '../../src/lib/audit/principal-components'
import { embedImages } from '../../src/lib/audit/embed-images'
import { figures, resnet50, type Model, type Part } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'
import { datasetOf } from '../fixtures/datasets'

/** Column k of the cosine transform of so many rows: of length 1, of mean 0, at right angles to the others. */
const wave = (rows: number, k: number) =>
  Float64Array.from({ length: rows }, (_, i) => Math.sqrt(2 / rows) * Math.cos(Math.PI * (i + 0.5) * k / rows))

/** Rows of known components: the sum of size · (how rows differ) · (direction). */
function rowsOf(count: number, dimensions: number, sizes: readonly number[]) {
  const values = new Float32Array(count * dimensions)
  sizes.forEach((size, k) => {
    const along = wave(count, k + 1), direction = wave(dimensions, 2 * k + 1)
    for (let i = 0; i < values.length; i++)
      values[i] += size * along[Math.floor(i / dimensions)] * direction[i % dimensions] + (k ? 0 : 7)
  })
  return { count, dimensions, values }
}

describe('principal components', () => {
  it('are those that the rows were made of, in their order, each with its largest number above 0', () => {
    const found = principalComponents(rowsOf(32, 40, [1, 9, 4, 0.5]), 3)
    expect([found.count, found.dimensions]).toEqual([32, 3])
    expect(found.variance).toBeCloseTo((1 + 81 + 16) / (1 + 81 + 16 + 0.25), 6)
    for (const [k, [size, order]] of [[9, 2], [4, 3], [1, 1]].entries()) {
      const made = wave(32, order), column = Array.from({ length: 32 }, (_, row) => found.values[row * 3 + k])
      const sign = Math.sign(column[0] * made[0])
      column.forEach((value, row) => expect(value).toBeCloseTo(sign * size * made[row], 4))
      expect(column.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)).toBeGreaterThan(0)
    }
  })

  it('hold nearly all that so few directions can hold, where the rows have many more', () => {
    const sizes = Array.from({ length: 39 }, (_, k) => 0.8 ** k), squares = sizes.map(size => size * size)
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
    const { variance } = principalComponents(rowsOf(60, 80, sizes), 8)
    expect(variance).toBeCloseTo(sum(squares.slice(0, 8)) / sum(squares), 5)
  })

  it('of equal rows hold nothing, and do not turn into what is no number', () => {
    const equal = { count: 5, dimensions: 3, values: new Float32Array(15).fill(2) }
    const { values, variance } = principalComponents(equal, 3)
    expect([...values]).toEqual(Array(15).fill(0))
    expect(variance).toBeNaN()
  })
})

describe('the layout', () => {
  /** Two clusters of twenty; the first two rows are equal. */
  const numbers = stream('two clusters')
  const values = Float32Array.from({ length: 40 * 5 }, (_, i) => (i < 100 ? 0 : 9) + numbers.normal())
  values.copyWithin(5, 0, 5)
  const rows = { count: 40, dimensions: 5, values }

  test('keeps what is alike together; the same seed gives the same bits, another seed others', async () => {
    const { positions, nearest } = await neighborMap(rows, 6, 3)
    const apart = (a: number, b: number) =>
      Math.hypot(positions[a][0] - positions[b][0], positions[a][1] - positions[b][1])
    for (let row = 0; row < 40; row++) {
      const others = [...Array(40).keys()].filter(other => other !== row).sort((a, b) => apart(row, a) - apart(row, b))
      expect(others.slice(0, 12).filter(other => (other < 20) !== row < 20)).toEqual([])
      expect(nearest[row] < 20).toBe(row < 20)
    }
    expect(nearest.slice(0, 2)).toEqual([1, 0])
    expect(await neighborMap(rows, 6, 3)).toEqual({ positions, nearest })
    expect((await neighborMap(rows, 6, 4)).positions).not.toEqual(positions)
  })

  test('of equal rows, and of rows of one number, is a layout all the same', async () => {
    for (const dimensions of [1, 2]) {
      const { positions } = await neighborMap({ count: 6, dimensions, values: new Float32Array(6 * dimensions) }, 3, 0)
      expect(positions.flat().every(Number.isFinite)).toBe(true)
    }
  })
})

describe('images', () => {
  const items = Array.from({ length: 12 }, (_, i) => ({
    name: i < 6 ? `site A/COVID/p ${i % 3}/${i}.png` : `non-COVID/${i}.png`, label: Number(i > 5),
    group: i < 6 ? `p ${i % 3}` : null,
  }))
  const set = datasetOf(items, { grouping: 'patient' }), other = { ...set, title: 'Another', notice: 'Elsewhere.' }
  const train: Part = { dataset: set, role: 'train', indices: [0, 2, 4, 6, 8, 10] }
  const held: Part = { dataset: set, role: 'test', indices: [1, 3, 11] }
  let model: Model
  beforeAll(async () => { model = await resnet50({ classes: set.labels, weights: 'none', width: 'quarter', size: 32 }) })

  it('of several parts stand on one map, each with what is known of it', async () => {
    const done: number[] = []
    const map = await embedImages(model, [train, held], { stage: 'conv3', onProgress: (n, count) => done.push(n / count) })
    expect(map.images.map(({ name }) => name)).toEqual([...train.indices, ...held.indices].map(i => items[i].name))
    expect(map.images[6]).toMatchObject({ class: 'COVID', group: 'p 1', part: 'test', source: 'site A' })
    expect(map.images[8]).toMatchObject({ class: 'non-COVID', group: null, part: 'test', source: null })
    expect(map).toMatchObject({ stage: 'conv3', neighbors: 8, seed: 0, grouping: 'patient', notice: 'Made up.' })
    for (const [i, { x, y, nearest }] of map.images.entries())
      expect(Number.isFinite(x + y) && nearest !== i && nearest < 9).toBe(true)
    expect(done.at(-1)).toBe(1)
    expect([...done].sort((a, b) => a - b)).toEqual(done)
  })

  it('of several sets have their set as source; the same image in two of them is nearest to itself', async () => {
    const { images, notice } = await embedImages(model, [held, { ...held, dataset: other }])
    expect(images.map(({ source }) => source)).toEqual(['Made up', 'Made up', 'Made up', 'Another', 'Another', 'Another'])
    expect(images.map(({ nearest }) => nearest)).toEqual([3, 4, 5, 0, 1, 2])
    expect(notice).toBe('Made up. Elsewhere.')
  })

  it('of patients with one name in two sets are of two patients, also where the sets have one title', async () => {
    const same = { ...held.dataset, contentHash: '0'.repeat(64) }
    const { images } = await embedImages(model, [held, { ...held, dataset: same }])
    const groups = images.map(({ group }) => group)
    expect(groups[0]).not.toBe(groups[3])
    expect(images.map(({ source }) => source)).toEqual([...Array(3).fill('Made up 1'), ...Array(3).fill('Made up 2')])
  })

  it('must be four or more, and more than the neighbors', async () => {
    await expect(embedImages(model, held)).rejects.toThrow(/4 images or more for a map, received 3 images/)
    await expect(embedImages(model, train, { neighbors: 6 })).rejects.toThrow(/neighbors to be a whole number from 2 to 5/)
    await expect(embedImages(model, train, { stage: 'head' })).rejects.toThrow(/stage to be/)
    await expect(embedImages(model, train, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })
})

describe('the figure', () => {
  const images = Array.from({ length: 20 }, (_, i) => ({
    name: `${i}.png`, x: i % 5, y: i, class: i < 10 ? 'COVID' : 'other', group: `p ${i % 10}`, part: 'test' as const,
    source: null, nearest: i === 9 ? 10 : i ^ 1,
  }))
  const map = {
    images, grouping: 'patient' as const, stage: 'conv5' as const, neighbors: 15, seed: 0, components: 7, variance: 0.9, notice: 'Made up.',
  }

  it('says how many images share their class with the image of the nearest features', () => {
    expect(figures.embeddingMap(map).alt).toContain('Color: class, 2 values. For 95.0\u00a0% of images the image with the nearest '
      + 'features is of the same class; by chance for 47.4\u00a0%.')
  })

  it('names the seven values of most images, and says that others are grey', () => {
    const { svg, alt } = figures.embeddingMap(map, { color: 'group' })
    expect(alt).toContain('Color: patient, 10 values; the first 7 by number of images have colors.')
    expect(svg).toContain('p 6 (2)')
    expect(svg).toContain('3 others (6)')
    expect(svg).not.toContain('p 7 (2)')
  })

  it('says where nothing is known, takes any column, and refuses one that is none', () => {
    expect(figures.embeddingMap(map, { color: 'source' }).svg).toContain('Color: source, which is not known.')
    const columns = { sex: { '0.png': 'f', '1.png': 'f', '2.png': 'm' } }
    const { svg, alt } = figures.embeddingMap(map, { color: ['sex', 'class'], columns })
    expect(svg).toContain('unknown (17)')
    expect(alt).toContain('of the same sex')
    expect(() => figures.embeddingMap(map, { color: 'sx', columns })).toThrow(/color to be 'class', 'group', 'source', 'part' or 'sex'/)
  })
})
