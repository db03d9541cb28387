/** Exercises of notebook 01. */
import { ctWindows, greyLevel } from '../../images/ct-window'
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

/** Files by class and storage: files in color are all of the ill, files with alpha come from both classes. */
const files = { illColor: 413, illAlpha: 839, otherAlpha: 1229 }
const ruleAccuracy = (files.illColor + files.otherAlpha) / (files.illColor + files.illAlpha + files.otherAlpha)

export const exploreTheData: Exercises = {
  'the share that passes': exerciseFunction([
    { about: 'no layer at all', given: [[], []], expected: 1 },
    { about: '10 cm of water (0.206 per cm)', given: [[0.206], [10]], expected: Math.exp(-2.06) },
    { about: 'a layer of no thickness', given: [[0.6], [0]], expected: 1 },
    { about: 'a rib of 1 cm before 10 cm of lung', given: [[0.604, 0.053], [1, 10]], expected: Math.exp(-1.134) },
    { about: 'three layers', given: [[0.2, 0.05, 0.2], [3, 16, 3]], expected: Math.exp(-2) },
  ]),
  'a CT number': exerciseFunction([
    { about: 'water itself (0.19 against 0.19)', given: [0.19, 0.19], expected: 0 },
    { about: 'nothing at all (0 against 0.19)', given: [0, 0.19], expected: -1000 },
    { about: 'twice the attenuation of water (0.4 against 0.2)', given: [0.4, 0.2], expected: 1000 },
    { about: 'a lung at another scanner’s energy (0.03 against 0.2)', given: [0.03, 0.2], expected: -850 },
  ]),
  'a window': exerciseFunction([
    { about: 'the middle of the window', given: [-600, -600, 1500], expected: 127.5 },
    { about: 'its lower end', given: [-160, 40, 400], expected: 0 },
    { about: 'far below it', given: [-1000, 40, 400], expected: 0 },
    { about: 'far above it', given: [3000, -600, 1500], expected: 255 },
    { about: 'ground glass in a lung window', given: [-500, -600, 1500], expected: greyLevel(-500, ctWindows.lung) },
  ]),
  'a rule that never looks': exerciseNear(ruleAccuracy, 0.0006, {
    low: 'Too low. Count in both classes: the rule is also right about every file of the other people, all with four channels.',
    high: 'Too high. Does the rule find all images of ill people, or only those stored in color?',
  }),
  'a correlation': exerciseFunction([
    { about: 'a list with itself', given: [[1, 2, 4], [1, 2, 4]], expected: 1 },
    { about: 'the same list, brighter and with more contrast', given: [[1, 2, 4], [13, 16, 22]], expected: 1 },
    { about: 'a list with its negative', given: [[1, 2, 4], [-1, -2, -4]], expected: -1 },
    { about: 'two lists that have nothing in common', given: [[1, -1, 1, -1], [1, 1, -1, -1]], expected: 0 },
    { about: '[1, 2, 3] and [1, 3, 2]', given: [[1, 2, 3], [1, 3, 2]], expected: 0.5 },
  ]),
}
