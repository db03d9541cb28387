/** The exercises of 03-inside-resnet50 and 03b-why-depth-needs-help. */
import { exercise, exerciseFunction, exerciseNear, type Exercises } from './exercise'

export const insideResNet50: Exercises = {
  'a kernel for diagonals': exercise('object', answer => {
    const kernel = Array.isArray(answer) ? answer : []
    if (kernel.length !== 9 || !kernel.every(Number.isFinite)) return 'Expected: a list of nine numbers, row by row.'
    const on = (patch: readonly number[]) => patch.reduce((sum, value, i) => sum + value * kernel[i], 0)
    if (Math.abs(on(new Array(9).fill(1))) > 1e-9)
      return 'On an even patch it should answer 0: what must its nine numbers sum to?'
    const down = Math.abs(on([1, 0, 0, 1, 1, 0, 1, 1, 1])), up = Math.abs(on([0, 0, 1, 0, 1, 1, 1, 1, 1]))
    if (down === 0 && up === 0) return 'It answers 0 to both diagonal edges.'
    if (Math.max(down, up) < 2 * Math.min(down, up))
      return 'It answers both diagonals about alike. Which pixels tell them apart?'
    const straight = Math.abs(on([1, 1, 1, 0, 0, 0, 0, 0, 0]))
    return straight < Math.max(down, up) || 'It answers a horizontal edge more strongly than a diagonal one.'
  }),
  'how large the output is': exerciseFunction([
    { about: '64 pixels, 3 × 3, stride 1, no padding', given: [64, 3, 1, 0], expected: 62 },
    { about: '64 pixels, 3 × 3, stride 1, padding 1', given: [64, 3, 1, 1], expected: 64 },
    { about: 'ResNet50’s first layer: 224 pixels, 7 × 7, stride 2, padding 3', given: [224, 7, 2, 3], expected: 112 },
    { about: '5 pixels, 2 × 2, stride 2: the last pixel has no partner', given: [5, 2, 2, 0], expected: 2 },
  ]),
  'batch normalization by hand': exerciseFunction([
    { about: '[1, 3]', given: [[1, 3]], expected: [-1, 1] },
    { about: '[2, 4, 4, 4, 5, 5, 7, 9], mean 5 and standard deviation 2', given: [[2, 4, 4, 4, 5, 5, 7, 9]],
      expected: [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2] },
    { about: 'numbers far from zero', given: [[1001, 1003]], expected: [-1, 1] },
  ]),
  'the bottleneck’s weights': exerciseNear(256 * 64 + 9 * 64 * 64 + 64 * 256, 0.5, {
    low: 'Too few. There are three convolutions; a k × k one holds k · k · inputs · outputs weights.',
    high: 'Too many. Only the middle convolution is 3 × 3, and it reads and makes 64 channels. Biases are not counted.',
  }),
  'the spread after sixteen blocks': exerciseNear(2 ** 8, 0.5, {
    low: 'Too small. By how much does one block multiply the variance? And two blocks, one after the other?',
    high: 'Too large. The variances add up, and each block multiplies; but the standard deviation is a variance’s root.',
  }),
  // 18 · channels² = 69,632, which is 62.2; ResNet-34 has 64 at this place.
  'two 3 × 3 at the bottleneck’s price': exerciseNear(Math.sqrt(69632 / 18), 2.5, {
    low: 'Too few: two 3 × 3 convolutions of so many channels cost less than the bottleneck’s 69,632 weights.',
    high: 'Too many: two 3 × 3 convolutions of so many channels cost more than the bottleneck’s 69,632 weights.',
  }),
  'the fifty in ResNet50': exerciseNear(1 + 3 * (3 + 4 + 6 + 3) + 1, 0, {
    low: 'Too few. Each block has three convolutions, and the stem and the end have one layer each.',
    high: 'Too many. Do not count the projections in the skip connections, nor pooling and batch normalization.',
  }),
}
