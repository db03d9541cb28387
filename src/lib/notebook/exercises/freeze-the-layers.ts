/** The exercises of 04-freeze-the-layers. */
import type { Model } from '../../model/model'
import { countParameters } from '../../model/parameter-count'
import { exercise, exerciseFunction, exerciseNear, type Exercises } from './exercise'

const million = 1e6

export const freezeTheLayers: Exercises = {
  'a head’s numbers': exerciseNear(2048 * 3 + 3, 0, {
    low: 'Too few: every feature has one weight for every class, and every class has a bias.',
    high: 'Too many: a weight joins one feature and one class; a class has a single bias.',
  }),
  'one step of a moving average': exerciseFunction([
    { given: [10, 20, 0.9], expected: 11, about: 'an average of 10 that meets a batch of mean 20 at momentum .9' },
    { given: [10, 20, 1], expected: 10, about: 'momentum 1, which keeps the old value' },
    { given: [10, 20, 0], expected: 20, about: 'momentum 0, which keeps nothing of the old value' },
    { given: [-3, -3, 0.99], expected: -3, about: 'a batch that is like the average' },
  ]),
  'steps until half is forgotten': exercise('number', answer => {
    if (!Number.isInteger(answer) || answer < 1) return 'Expected: a whole number of steps, 1 or more.'
    if (answer * Math.log(0.9) > Math.log(0.5)) return `After ${answer} steps more than half of the start value is left.`
    return (answer - 1) * Math.log(0.9) > Math.log(0.5) || 'Half was forgotten some steps before.'
  }),
  'at most a million numbers train': exercise('object', answer => {
    const model = answer as Model
    if (!(model.frozen instanceof Set)) return 'Expected: a model, as `freeze` gives it.'
    const { trainable } = countParameters(model)
    if (trainable > million) return `Still ${trainable.toLocaleString('en-US')} numbers train.`
    return trainable >= million / 2 || `Only ${trainable.toLocaleString('en-US')} numbers train: less than half of what may.`
  }),
}
