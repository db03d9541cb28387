import { describe, expect, test } from 'vitest'
import { checkViews, chestViews, drawView, viewInto, type View } from '../../src/lib/training/contrastive/views'
import { stream } from '../../src/lib/system/random'
import { resizeArea } from '../../src/lib/images/resize'

const size = 16
const image = Uint8Array.from({ length: 4 * size * size }, (_, i) => stream('pixel', i).integer(256))
const plain: View = {
  transform: {
    rotation: 0, rowShift: 0, columnShift: 0, rowZoom: 1, columnZoom: 1, horizontalFlip: false, verticalFlip: false,
  },
  contrast: 1, brightness: 0, blur: 0,
}
const viewOf = (view: View, pixels = image) => {
  const target = new Float32Array(size * size)
  viewInto(target, pixels, size, view)
  return target
}
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value) / values.length
const deviation = (values: Float32Array) => Math.sqrt(mean(values.map(value => (value - mean(values)) ** 2)))

describe('a view', () => {
  test('that changes nothing is the image at half its size, as networks see it elsewhere', () => {
    const { data } = resizeArea({ width: 2 * size, height: 2 * size, channels: 1, data: image }, size, size)
    // Area resizing rounds to whole grey values.
    viewOf(plain).forEach((grey, i) => expect(Math.abs(grey - data[i])).toBeLessThanOrEqual(0.5))
  })

  test('of a quarter of the area shows that quarter, pixel for pixel', () => {
    const transform = { ...plain.transform, rowZoom: 0.5, columnZoom: 0.5, rowShift: -0.25, columnShift: 0.25 }
    const steps = Uint8Array.from({ length: 4 * size * size }, (_, i) =>
      (Math.floor(i / (2 * size)) < size && i % (2 * size) >= size ? 200 : 10))
    // Along the quarter's edge pixels are blended with the neighbours outside it.
    const inner = viewOf({ ...plain, transform }, steps).filter((_, i) => i >= size && i % size > 0
      && i < size * (size - 1) && i % size < size - 1)
    expect([...inner]).toEqual(new Array(inner.length).fill(200))
  })

  test('at another contrast and brightness keeps its mean but for the brightness, and its deviation times the contrast', () => {
    const before = viewOf(plain), after = viewOf({ ...plain, contrast: 0.5, brightness: 20 })
    expect(mean(after)).toBeCloseTo(mean(before) + 20, 3)
    expect(deviation(after)).toBeCloseTo(0.5 * deviation(before), 3)
  })

  test('stays within 0 to 255', () => {
    const stark = viewOf({ ...plain, contrast: 8, brightness: 60 })
    expect([Math.min(...stark), Math.max(...stark)]).toEqual([0, 255])
  })

  test('blurred spreads a dot as a Gaussian of that deviation, and loses no light', () => {
    const dot = new Uint8Array(4 * size * size)
    for (const [row, column] of [[16, 16], [16, 17], [17, 16], [17, 17]]) dot[row * 2 * size + column] = 240
    const blurred = viewOf({ ...plain, blur: 1.5 }, dot)
    expect(blurred.reduce((sum, grey) => sum + grey)).toBeCloseTo(240, 2)
    const variance = blurred.reduce((sum, grey, i) => sum + grey * (i % size - 8) ** 2, 0) / 240
    // Cut off at 3.3 deviations, and sampled at whole pixels.
    expect(variance).toBeGreaterThan(0.97 * 1.5 ** 2)
    expect(variance).toBeLessThan(1.5 ** 2)
  })
})

describe('drawing a view', () => {
  const draws = Array.from({ length: 500 }, (_, i) => drawView(chestViews, stream('view', 1, 0, i, 0)))

  test('the same stream gives the same view, another another', () => {
    expect(drawView(chestViews, stream('view', 1, 0, 7, 0))).toEqual(draws[7])
    expect(drawView(chestViews, stream('view', 1, 0, 7, 1))).not.toEqual(draws[7])
  })

  test('shows at least the least area, all of it inside the image, and uses its ranges', () => {
    const areas = draws.map(({ transform }) => transform.rowZoom * transform.columnZoom)
    expect(Math.min(...areas)).toBeGreaterThanOrEqual(chestViews.leastArea)
    expect(Math.min(...areas)).toBeLessThan(chestViews.leastArea + 0.05)
    for (const { transform: { rowZoom, columnZoom, rowShift, columnShift } } of draws) {
      expect(Math.abs(rowShift) + rowZoom / 2).toBeLessThanOrEqual(0.5)
      expect(Math.abs(columnShift) + columnZoom / 2).toBeLessThanOrEqual(0.5)
    }
    expect(Math.max(...draws.map(({ brightness }) => Math.abs(brightness)))).toBeGreaterThan(0.19 * 255)
    expect(Math.max(...draws.map(({ blur }) => blur))).toBeGreaterThan(0.9)
  })

  test('half are mirrored and half are blurred, where that is asked for', () => {
    const share = (condition: (view: View) => boolean) => draws.filter(condition).length / draws.length
    // Four standard deviations of a fair coin thrown 500 times: 0.09.
    expect(Math.abs(share(({ transform }) => transform.horizontalFlip) - 0.5)).toBeLessThan(0.09)
    expect(Math.abs(share(({ blur }) => blur > 0) - 0.5)).toBeLessThan(0.09)
    const still = drawView({ ...chestViews, horizontalFlip: false, blur: 0 }, stream('view', 1, 0, 3, 0))
    expect(still).toMatchObject({ blur: 0, transform: { horizontalFlip: false } })
  })

  test.each([
    { leastArea: 0 }, { leastArea: 1.1 }, { rotation: -1 }, { contrast: 1.5 }, { brightness: NaN }, { blur: 5 },
  ])('%j is refused', change => {
    expect(() => checkViews({ ...chestViews, ...change })).toThrow(new RegExp(`bad-argument: expected ${Object.keys(change)[0]}`))
  })
})
