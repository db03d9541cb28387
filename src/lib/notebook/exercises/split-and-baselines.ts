/** Exercises of notebook 02. */
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

export const splitAndBaselines: Exercises = {
  'the majority’s accuracy': exerciseFunction([
    { about: 'two classes of the same size', given: [['a', 'b', 'a', 'b']], expected: 0.5 },
    { about: 'nine of one class, one of the other', given: [[...'aaaaaaaaab']], expected: 0.9 },
    { about: 'three classes', given: [['a', 'b', 'c', 'c']], expected: 0.5 },
    { about: 'one class only', given: [['a', 'a']], expected: 1 },
  ]),
  'one nearest neighbour': exerciseFunction([
    { about: 'a query that lies on an example', given: [[3], [[1], [3], [9]], ['a', 'b', 'c']], expected: 'b' },
    { about: 'a query between examples, nearer to the last', given: [[7], [[1], [3], [9]], ['a', 'b', 'c']],
      expected: 'c' },
    { about: 'two pixels an image', given: [[0, 0], [[3, 4], [4, 2]], ['far', 'near']], expected: 'near' },
    { about: 'differences that cancel if they are not squared', given: [[0, 0], [[9, -9], [1, 1]], ['far', 'near']],
      expected: 'near' },
  ]),
  'a split that leaks': exerciseFunction([
    { about: 'parts with no patient in common', given: [['Ann', 'Ann', 'Bob'], ['Cem']], expected: false },
    { about: 'a patient on both sides', given: [['Ann', 'Bob'], ['Bob']], expected: true },
    { about: 'a patient on both sides, not in first place', given: [['Ann', 'Bob'], ['Cem', 'Dee', 'Ann']],
      expected: true },
    { about: 'an empty test part', given: [['Ann'], []], expected: false },
  ]),
  'both neighbours elsewhere': exerciseNear(0.04, 1e-6, {
    low: 'Too low. Each of the two neighbors goes to the test part with the same share as every image.',
    high: 'Too high. Both neighbors must be in the test part, not only one, and their draws are independent.',
  }),
}
