/** The exercises of 08-four-strategies. */
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

/** Channels that the stages of a half-width network give: stem, conv2 … conv5. */
const channels = [32, 128, 256, 512, 1024]
const features = channels.reduce((sum, count) => sum + count, 0)

export const fourStrategies: Exercises = {
  'numbers of a head on every stage': exerciseNear(2 * (features + 1), 0, {
    low: 'Too few: each class has a weight for every feature of every stage, and a bias.',
    high: 'Too many: an average over places leaves one number a channel.',
  }),
  'five folds agree by chance': exerciseNear(2 * 0.5 ** 5, 1e-6, {
    low: 'Too low: they may also all go down.',
    high: 'Too high: each fold halves it.',
  }),
  'at least one false find': exerciseFunction([
    { given: [1, 0.05], expected: 0.05, about: 'a single comparison, which fails as often as its level says' },
    { given: [2, 0.5], expected: 0.75, about: 'two coins, of which at least one shows heads' },
    { given: [6, 0.05], expected: 1 - 0.95 ** 6, about: 'six comparisons at 5 %' },
    { given: [4, 0], expected: 0, about: 'comparisons that never fail' },
  ]),
}
