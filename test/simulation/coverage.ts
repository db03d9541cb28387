/**
 * How often intervals hold the truth, and how often tests find what is not there, in made-up worlds of patients:
 * `node --import tsx test/simulation/coverage.ts WORLDS RESAMPLES`. Minutes; docs/evaluation.md quotes it.
 */
import { statistics } from '../../src/lib/index'
import { measureClassCoverage, measureFrequencies, worldOf, type World } from '../fixtures/grouped-worlds'

const [worlds = 500, resamples = 300] = process.argv.slice(2).map(Number)
const kinds: Record<string, World> = {
  '12 patients, 5 images each': { patients: 12, imagesEach: 5, distance: 2, alike: 1 },
  '40 patients, 5 images each': { patients: 40, imagesEach: 5, distance: 2, alike: 1 },
  '100 patients, 5 images each': { patients: 100, imagesEach: 5, distance: 2, alike: 1 },
  '100 patients, one image each': { patients: 100, imagesEach: 1, distance: 2, alike: 0 },
}

for (const [title, world] of Object.entries(kinds)) {
  console.log(`\n${title}; ${worlds} worlds, ${resamples} resamples`)
  for (const { what, by, share, width } of measureFrequencies(world, worlds, resamples))
    console.log(`${what.padEnd(30)} ${by.padEnd(9)} ${(100 * share).toFixed(1).padStart(6)} %`
      + (Number.isNaN(width) ? '' : `   width ${width.toFixed(3)}`))
}

for (const ill of [2, 4, 8, 20]) {
  const world = { patients: ill + 40, ill, imagesEach: 5, distance: 2, alike: 1 }
  const { sensitivity, auc } = measureClassCoverage(world, worlds, resamples)
  console.log(`\n${ill} ill patients, 40 well`)
  console.log(`sensitivity ${(100 * sensitivity).toFixed(1)} %, AUC ${(100 * auc).toFixed(1)} %`)
}

const [predictions] = worldOf({ patients: 100, imagesEach: 5, distance: 2, alike: 1 }, 1)
const begun = process.cpuUsage()
statistics.estimate(predictions, 'auc', { interval: 'bootstrap', resamples: 10_000 })
const { user, system } = process.cpuUsage(begun)
console.log(`\n10,000 bootstrap samples of the area for 500 images: ${((user + system) / 1e6).toFixed(2)} s of processor time`)
