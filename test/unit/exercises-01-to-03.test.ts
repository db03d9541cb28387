/** Each exercise of notebooks 01 to 03 takes a right answer and refuses the usual wrong ones. */
import { expect, test } from 'vitest'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { verdict } from '../../src/lib/notebook/check'

const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0)
const centred = (values: number[]) => values.map(value => value - mean(values))
const length = (values: number[]) => Math.hypot(...values)
const nearestBy = (distance: (a: number[], b: number[]) => number) =>
  (query: number[], examples: number[][], labels: string[]) =>
    labels[examples.map(one => distance(query, one)).reduce((best, d, i, all) => (d < all[best] ? i : best), 0)]

const right: [string, unknown][] = [
  ['the share that passes', (mu: number[], d: number[]) => mu.reduce((share, one, i) => share * Math.exp(-one * d[i]), 1)],
  ['a CT number', (mu: number, water: number) => (1000 * (mu - water)) / water],
  ['a window', (hu: number, c: number, w: number) => Math.max(0, Math.min(255, (255 * (hu - c + w / 2)) / w))],
  ['a rule that never looks', 0.662],
  ['a correlation', (a: number[], b: number[]) =>
    centred(a).reduce((sum, value, i) => sum + value * centred(b)[i], 0) / (length(centred(a)) * length(centred(b)))],
  ['the majority’s accuracy', (labels: string[]) =>
    Math.max(...labels.map(one => labels.filter(other => other === one).length)) / labels.length],
  ['one nearest neighbour', nearestBy((a, b) => Math.hypot(...a.map((value, i) => value - b[i])))],
  ['a split that leaks', (train: string[], test: string[]) => test.some(one => train.includes(one))],
  ['both neighbours elsewhere', 0.2 ** 2],
  ['a kernel for diagonals', [0, 1, 1, -1, 0, 1, -1, -1, 0]],
  ['how large the output is', (size: number, kernel: number, stride: number, padding: number) =>
    Math.floor((size + 2 * padding - kernel) / stride) + 1],
  ['batch normalization by hand', (values: number[]) => {
    const deviation = Math.sqrt(mean(centred(values).map(value => value ** 2)))
    return centred(values).map(value => value / deviation)
  }],
  ['the bottleneck’s weights', 69632],
  ['the spread after sixteen blocks', 256],
  ['two 3 × 3 at the bottleneck’s price', 62],
  ['two 3 × 3 at the bottleneck’s price', 64],
]

const wrong: [string, unknown, RegExp][] = [
  ['the share that passes', (mu: number[], d: number[]) => Math.exp(-mu[0] * d[0]), /no layer/],
  ['the share that passes', (mu: number[], d: number[]) =>
    mu.length ? Math.exp(-mu.reduce((sum, one) => sum + one, 0) * d.reduce((sum, one) => sum + one, 0)) : 1, /a rib/],
  ['the share that passes', (mu: number[], d: number[]) =>
    1 - mu.reduce((share, one, i) => share * Math.exp(-one * d[i]), 1), /no layer/],
  ['a CT number', (mu: number, water: number) => (1000 * mu) / water, /water itself/],
  ['a window', (hu: number, c: number, w: number) => (255 * (hu - c + w / 2)) / w, /far below/],
  ['a rule that never looks', 0.505, /Too low/],
  ['a rule that never looks', 1, /Too high/],
  ['a correlation', (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0), /with itself/],
  ['the majority’s accuracy', () => 0.5, /nine/],
  ['one nearest neighbour', nearestBy((a, b) => a.reduce((sum, value, i) => sum + (value - b[i]), 0)), /./],
  ['a split that leaks', (train: string[], test: string[]) => train[0] === test[0], /both sides/],
  ['both neighbours elsewhere', 0.2, /Too high/],
  ['a kernel for diagonals', [-1, 0, 1, -1, 0, 1, -1, 0, 1], /./],
  ['a kernel for diagonals', [1, 1, 1, 1, 1, 1, 1, 1, 1], /sum/],
  ['a kernel for diagonals', [1, 2], /nine/],
  ['how large the output is', (size: number, kernel: number) => size - kernel + 1, /padding 1/],
  ['batch normalization by hand', centred, /mean 5/],
  ['the bottleneck’s weights', 9 * 256 * 256, /Too many/],
  ['the spread after sixteen blocks', 2 ** 16, /root/],
  ['the spread after sixteen blocks', 32, /Too small/],
  ['two 3 × 3 at the bottleneck’s price', 256, /Too many/],
  ['two 3 × 3 at the bottleneck’s price', 32, /Too few/],
]

test.each(right)('%s: a right answer is right', (name, answer) => {
  expect(verdict(allExercises, name, answer)).toEqual({ state: 'right', message: 'Right.' })
})

test.each(wrong)('%s: a wrong answer gets a hint', (name, answer, hint) => {
  expect(verdict(allExercises, name, answer)).toEqual({ state: 'wrong', message: expect.stringMatching(hint) })
})
