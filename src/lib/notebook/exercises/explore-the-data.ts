/** Exercises of notebook 01. */
import { ctWindows, greyLevel } from '../../images/ct-window'
import { exerciseFunction, exerciseNear, type Exercises } from './exercise'

/** Of the real set: colour files are all COVID, files with alpha come from both classes. */
const files = { covidColour: 413, covidAlpha: 839, otherAlpha: 1229 }
const ruleAccuracy = (files.covidColour + files.otherAlpha) / (files.covidColour + files.covidAlpha + files.otherAlpha)

export const exploreTheData: Exercises = {
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
    low: 'Too low. Count in both classes: the rule is also right about every non-COVID file that has four channels.',
    high: 'Too high. Does the rule find all COVID images, or only those stored in colour?',
  }),
  'a correlation': exerciseFunction([
    { about: 'a list with itself', given: [[1, 2, 4], [1, 2, 4]], expected: 1 },
    { about: 'the same list, brighter and with more contrast', given: [[1, 2, 4], [13, 16, 22]], expected: 1 },
    { about: 'a list with its negative', given: [[1, 2, 4], [-1, -2, -4]], expected: -1 },
    { about: 'two lists that have nothing in common', given: [[1, -1, 1, -1], [1, 1, -1, -1]], expected: 0 },
    { about: '[1, 2, 3] and [1, 3, 2]', given: [[1, 2, 3], [1, 3, 2]], expected: 0.5 },
  ]),
}
