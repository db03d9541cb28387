/** The exercises of 05-fine-tune. */
import { LabError } from '../../system/errors'
import { checkTraining, type TrainConfig } from '../../training/config'
import { exercise, exerciseFunction, exerciseNear, type Exercises } from './exercise'

export const fineTune: Exercises = {
  'steps of the reference protocol': exerciseNear(31 * 50, 0, {
    low: 'Too few: every batch is a step, and the epochs add up.',
    high: 'Too many: only the training images make steps.',
  }),
  'reductions until the rate is below .001': exercise('number', answer => {
    if (!Number.isInteger(answer) || answer < 1) return 'Expected: a whole number of reductions, 1 or more.'
    if (0.003 * 0.7 ** answer >= 0.001) return `After ${answer} the rate is still ${(0.003 * 0.7 ** answer).toFixed(5)}.`
    return 0.003 * 0.7 ** (answer - 1) >= 0.001 || 'It fell below .001 earlier.'
  }),
  'when early stopping stops': exerciseFunction([
    { given: [[0.9, 0.7, 0.6], 2], expected: 3, about: 'losses that fall to the end, so that all epochs run' },
    { given: [[0.9, 0.5, 0.6, 0.7, 0.4], 2], expected: 4, about: 'two epochs without improvement at patience 2' },
    { given: [[0.5, 0.6, 0.4, 0.5, 0.5, 0.5], 3], expected: 6, about: 'an improvement that starts the count again' },
    { given: [[0.5, 0.5], 1], expected: 2, about: 'an equal loss, which is no improvement' },
  ]),
  'a configuration of your own': exercise('object', answer => {
    const config = answer as TrainConfig
    try {
      checkTraining(config)
    } catch (error) {
      return error instanceof LabError ? `Expected: ${error.expected}. Yours: ${error.received}.` : 'Expected: a configuration for train.'
    }
    if (!(config.optimizer?.rate > 0)) return 'It names no optimizer with a learning rate.'
    if (!config.schedule || config.schedule.name === 'constant') return 'Its learning rate stays the same to the end.'
    if (config.augment?.verticalFlip) return 'It shows chests upside down, as nobody takes them.'
    if (!config.augment) return 'It shows every image the same way each time.'
    return config.keepBest === true || 'It returns the last epoch’s weights, however the validation loss went.'
  }),
}
