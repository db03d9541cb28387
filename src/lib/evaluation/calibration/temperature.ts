/** Temperature scaling: one number, fitted on validation images, that makes probabilities less or more extreme. */
import { LabError } from '../../system/errors'
import { counted, threeDecimals, withSummary } from '../../system/summary'
import { logLoss } from '../metrics'
import { overlapWarnings } from '../overlap'
import { requirePredictions, type Predictions } from '../predictions'

/** A temperature and the images that chose it. */
export interface Temperature {
  /** Above 1: the probabilities were too extreme; below 1: too timid. */
  temperature: number
  /** Log loss of the validation images before and after, in nats. The second is too good to be reported. */
  before: number
  after: number
  /** The images that chose it, and their groups: {@link applyTemperature} compares them. */
  names: readonly string[]
  groups: readonly (string | null)[]
}

/** Probabilities are clipped here, so that one certain mistake is not infinite. */
const least = 1e-7

/** Why no temperature is best, in a sentence, as `settleGuess` takes it. */
export interface NoTemperature { missing: string }

/**
 * Finds the temperature at which validation probabilities have the least log loss (Guo 2017). Probabilities p become
 * p^(1/T), divided by their sum, which is the softmax of a network's outputs divided by T. The called class stays the
 * same, and with two classes so does the area under the ROC curve.
 * @param validation predictions for images that no reported figure comes from; probabilities below 1e-7 count as 1e-7
 * @throws LabError 'bad-argument' where no temperature is best: see {@link findTemperature}
 * @example
 * const scaled = statistics.fitTemperature(await predict(trained.model, parts.validation))
 * statistics.applyTemperature(scaled, predictions).probabilities[0]
 */
export function fitTemperature(validation: Predictions): Temperature {
  const found = findTemperature(validation)
  if (!('missing' in found)) return found
  throw new LabError('bad-argument', {
    expected: 'validation images for which one temperature is best', received: found.missing,
    remedy: 'Fit on more images, or leave the probabilities as they are',
  })
}

/**
 * As `fitTemperature`, for whoever cannot know beforehand whether there is a temperature: none is best without images,
 * where every image is called what it is (the more extreme, the better), and where the probabilities tell less than
 * equal ones.
 * @returns the temperature, or why there is none
 * @example
 * const found = statistics.findTemperature(predictions)
 * show('missing' in found ? found.missing : `Temperature ${found.temperature}`)
 */
export function findTemperature(validation: Predictions): Temperature | NoTemperature {
  requirePredictions(validation)
  const { labels, probabilities, classes: { length: classes } } = validation
  const logs = Float64Array.from(probabilities, probability => Math.log(Math.max(probability, least)))
  // The loss is convex in 1 / T: its slope, the mean of expected minus true logarithm, rises through 0 once.
  const slope = (power: number): number => {
    let total = 0
    for (let row = 0; row < labels.length; row++) {
      const image = logs.subarray(row * classes, (row + 1) * classes), most = Math.max(...image)
      let weight = 0, expected = 0
      for (const log of image) {
        const share = Math.exp(power * (log - most))
        weight += share
        expected += share * log
      }
      total += expected / weight - image[labels[row]]
    }
    return total
  }
  let low = 1e-3, high = 1e3
  // Where all images are called what they are, the slope at the high end is 0 but for rounding.
  if (!(slope(low) < 0 && slope(high) > 1e-12))
    return {
      missing: labels.length === 0 ? 'There are no images to choose a temperature.'
        : slope(low) < 0 ? 'The validation images are all called what they are: no temperature is best.'
          : 'The validation probabilities tell less than equal ones: no temperature is best.',
    }
  for (let step = 0; step < 200; step++) {
    const middle = Math.sqrt(low * high)
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  const temperature = 1 / Math.sqrt(low * high)
  return withSummary({
    temperature, before: logLoss(labels, probabilities, classes), names: validation.names, groups: validation.groups,
    after: logLoss(labels, scaled(validation, temperature), classes),
  }, one => `Temperature ${threeDecimals(one.temperature)}, chosen on ${counted(one.names.length, 'image')}: log loss `
    + `${threeDecimals(one.before)} before, ${threeDecimals(one.after)} after`, 'statistics.applyTemperature(x, …)')
}

/**
 * The same predictions at a temperature. Printed, they warn of patients who had images among those that chose it.
 * @throws LabError 'bad-argument' where an image, by its name, was among those that chose the temperature
 * @example
 * const scaled = statistics.fitTemperature(await predict(trained.model, parts.validation))
 * statistics.measureCalibration(statistics.applyTemperature(scaled, predictions)).error
 */
export function applyTemperature(temperature: Temperature, predictions: Predictions): Predictions {
  requirePredictions(predictions)
  const warnings = overlapWarnings('temperature', temperature, predictions)
  const probabilities = Float32Array.from(scaled(predictions, temperature.temperature))
  return withSummary({ ...predictions, probabilities }, ({ labels }) =>
    [`Predictions for ${counted(labels.length, 'image')}, at a temperature of ${threeDecimals(temperature.temperature)}`,
      ...warnings].join('\n'), 'show(predictionTable(x))')
}

function scaled({ probabilities, classes }: Predictions, temperature: number): Float64Array {
  const width = classes.length, result = new Float64Array(probabilities.length)
  for (let start = 0; start < result.length; start += width) {
    const image = probabilities.subarray(start, start + width)
    const logs = Array.from(image, probability => Math.log(Math.max(probability, least)))
    const most = Math.max(...logs), shares = logs.map(log => Math.exp((log - most) / temperature))
    const sum = shares.reduce((total, share) => total + share, 0)
    shares.forEach((share, k) => { result[start + k] = share / sum })
  }
  return result
}
