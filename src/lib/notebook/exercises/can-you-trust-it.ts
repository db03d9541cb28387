/** The exercises of 07-can-you-trust-it. */
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

export const canYouTrustIt: Exercises = {
  'accuracy of a mark': exerciseFunction([
    { given: [1, 0, 0.5], expected: 1, about: 'a mark that all positives carry and nobody else' },
    { given: [0.5, 0.5, 0.3], expected: 0.5, about: 'a mark that half of each class carries' },
    { given: [0.9, 0.2, 0.5], expected: 0.85, about: 'a mark on 90 % of the positives and 20 % of the others, as many of each' },
    { given: [1, 1, 0.1], expected: 0.1, about: 'a mark that everybody carries, where one in ten is positive' },
    { given: [0.6, 0, 0.2], expected: 0.92, about: 'a mark on 60 % of the positives only, where one in five is positive' },
  ]),
  'energy in a region': exerciseFunction([
    { given: [[1, 1, 1, 1], [true, false, false, false]], expected: 1, about: 'an even map' },
    { given: [[4, 0, 0, 0], [true, false, false, false]], expected: 4, about: 'a map that lies wholly in a quarter of the image' },
    { given: [[0, 0, 3, 1], [true, true, false, false]], expected: 0, about: 'a map that lies wholly outside' },
    { given: [[0, 1, 1, 2, 4, 2], [true, false, false, false, true, false]], expected: 1.2, about: 'a region of two pixels of six' },
  ]),
  'as fine at conv5 as at conv3': exerciseNear(256, 0.5, {
    low: 'Too few pixels: by how much does the network shrink the image until conv5, and how many places are wanted?',
    high: 'Too many pixels: by how much does the network shrink the image until conv5, and how many places are wanted?',
  }),
  'expected calibration error': exerciseFunction([
    { given: [[10, 10], [0.2, 0.8], [0.2, 0.8]], expected: 0, about: 'scores that mean what they say' },
    { given: [[10, 10], [0.1, 0.9], [0.3, 0.7]], expected: 0.2, about: 'scores too extreme at both ends' },
    { given: [[30, 10], [0.2, 0.9], [0.2, 0.5]], expected: 0.1, about: 'many calibrated images, and few that are not' },
    { given: [[10, 0, 10], [0.1, NaN, 0.9], [0.1, NaN, 0.8]], expected: 0.05, about: 'a range without images' },
  ]),
}
