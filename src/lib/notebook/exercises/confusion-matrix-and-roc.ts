/** The exercises of 06-confusion-matrix-and-roc. */
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

export const confusionMatrixAndRoc: Exercises = {
  'sensitivity from counts': exerciseFunction([
    { given: [45, 30, 5, 20], expected: 0.9, about: '45 found, 5 missed, 30 false alarms, 20 left alone' },
    { given: [0, 0, 10, 90], expected: 0, about: 'a classifier that never calls anything positive' },
    { given: [10, 90, 0, 0], expected: 1, about: 'a classifier that calls everything positive' },
  ]),
  'false alarms among a thousand': exerciseNear(99, 0.5, {
    low: 'Too few: how many of the thousand are well, and what share of those is called ill?',
    high: 'Too many: only those who are well can be false alarms.',
  }),
  'positive predictive value': exerciseFunction([
    { given: [0.9, 0.9, 0.5], expected: 0.9, about: 'as many ill as well' },
    { given: [1, 0.99, 0.01], expected: 0.01 / 0.0199, about: 'a nearly perfect test of a rare disease' },
    { given: [0.8, 1, 0.1], expected: 1, about: 'a test without false alarms' },
    { given: [0.5, 0.5, 0.2], expected: 0.2, about: 'a coin, which tells nothing new' },
  ]),
  'area by counting pairs': exerciseFunction([
    { given: [[0.9, 0.8], [0.1, 0.2]], expected: 1, about: 'every positive above every negative' },
    { given: [[0.1], [0.9, 0.8]], expected: 0, about: 'every positive below every negative' },
    { given: [[0.9, 0.3], [0.5]], expected: 0.5, about: 'one pair in order, one not' },
    { given: [[0.5, 0.5], [0.5]], expected: 0.5, about: 'scores that are all the same' },
    { given: [[0.7, 0.4, 0.6], [0.5, 0.6]], expected: 3.5 / 6, about: 'three positives, two negatives, one tie' },
  ]),
}
