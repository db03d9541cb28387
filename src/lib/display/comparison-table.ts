/** Two classifiers on the same images, in a table. */
import type { Comparison } from '../evaluation/significance'
import { LabError } from '../system/errors'
import { counted } from '../system/summary'
import { dataTable, type Table } from './tables'

/**
 * A comparison on the same images, as `comparePredictions` gives it: images that both got right, only one, or neither;
 * the difference in accuracy with its 95 % interval; and McNemar's exact p-value. The note says what each of them takes
 * as independent.
 * @param names of the first and of the second classifier
 * @throws LabError 'bad-argument' where the names are not two different texts
 * @example show(tables.comparison(comparePredictions(predictions, predictions), ['before', 'after']))
 */
export function comparison(comparison: Comparison, names: readonly [string, string]): Table {
  checkNames(names)
  const [first, second] = names, { both, onlyFirst, onlySecond, neither, difference, pValue } = comparison
  const { value, low, high } = difference
  const row = { both, onlyFirst, onlySecond, neither, difference: value, low, high, pValue }
  const title = `${first} and ${second}, on the same ${counted(both + onlyFirst + onlySecond + neither, 'image')}`
  return dataTable('comparison', title, [row], [
    { key: 'both', title: 'both right' }, { key: 'onlyFirst', title: `only ${first} right` },
    { key: 'onlySecond', title: `only ${second} right` }, { key: 'neither', title: 'both wrong' },
    { key: 'difference', title: `accuracy, ${second} minus ${first}`, format: 'points' },
    { key: 'low', title: 'from', format: 'points' }, { key: 'high', title: 'to', format: 'points' },
    { key: 'pValue', title: 'McNemar’s p', format: 'decimal' },
  ], noteOf(comparison))
}

function noteOf({ grouping, intervalKind, onlyFirst, onlySecond }: Comparison): string {
  const differing = onlyFirst + onlySecond
  const meaning = differing === 0 ? 'The two are right about the same images, so that p is 1.'
    : `McNemar’s exact p tells how often a fair coin would share out the ${counted(differing, 'image')} that only `
      + 'one got right at least as unevenly.'
  const independence = grouping === 'none' ? 'It counts each image as independent, as the interval does.'
    : `It counts each image as independent. Images of one ${grouping} are not, so p is too small: trust the interval.`
  return `${intervalKind}; both get the same draws. ${meaning} ${independence}`
}

function checkNames(names: readonly unknown[]): void {
  const fine = Array.isArray(names) && names.length === 2 && names.every(name => typeof name === 'string' && name.trim() !== '')
  if (fine && names[0] !== names[1]) return
  throw new LabError('bad-argument', {
    expected: 'the names of both classifiers: two different texts', received: JSON.stringify(names) ?? String(names),
    remedy: "Name them, as in ['head only', 'fine-tuned']",
  })
}
