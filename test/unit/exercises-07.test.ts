import { expect, test } from 'vitest'
import { canYouTrustIt } from '../../src/lib/notebook/exercises/can-you-trust-it'
import { verdict } from '../../src/lib/notebook/check'

const sum = (list: number[]) => list.reduce((total, value) => total + value, 0)
const energy = (map: number[], inside: boolean[]) =>
  sum(map.filter((_, i) => inside[i])) / sum(map) * map.length / inside.filter(Boolean).length
const error = (skips: boolean) => (images: number[], scores: number[], shares: number[]) =>
  sum(images.map((count, i) => (skips && !count ? 0 : count * Math.abs(scores[i] - shares[i])))) / sum(images)

test.each([
  ['accuracy of a mark', (p: number, o: number, share: number) => p * share + (1 - o) * (1 - share), (p: number) => p],
  ['accuracy of a mark', (p: number, o: number, share: number) => share * (p + o - 1) + 1 - o, (p: number, o: number) => (p + 1 - o) / 2],
  ['energy in a region', energy, (map: number[], inside: boolean[]) => sum(map.filter((_, i) => inside[i])) / sum(map)],
  ['as fine at conv5 as at conv3', 256, 64],
  ['as fine at conv5 as at conv3', 8 * 32, 224],
  ['expected calibration error', error(true), error(false)],
  ['expected calibration error', error(true), (images: number[], scores: number[], shares: number[]) =>
    sum(images.map((count, i) => (count ? Math.abs(scores[i] - shares[i]) : 0))) / images.length],
])('%s', (name, right, wrong) => {
  expect(verdict(canYouTrustIt, name, right).state).toBe('right')
  expect(verdict(canYouTrustIt, name, wrong).state).toBe('wrong')
})
