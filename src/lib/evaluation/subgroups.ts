/** Any metric in each subgroup of the images: by source, sex, age band, or any other column. */
import { sum } from 'd3-array'
import { LabError, requireInRange } from '../system/errors'
import { counted } from '../system/summary'
import { estimate, type EstimateOptions, type MetricEstimate } from './estimate'
import { resamplingUnits } from './intervals'
import { requirePredictions, type Predictions } from './predictions'
import type { MetricName } from './scores/metric'

/** A metric in one subgroup. */
export interface SubgroupEstimate extends MetricEstimate {
  /** The column's value; 'unknown' where it has none. */
  subgroup: string
  /** Patients or number blocks; images where groups are not known. */
  units: number
  /** Images of the positive class; of two and more classes without one, of the rarest class. */
  positives: number
  /** Why the figure says little; empty where nothing does. */
  warning: string
}

/** A value for each image, in the order of the predictions or by the images' names; null where it is not known. */
export type ImageColumn = readonly (string | null)[] | Readonly<Record<string, string | null>>

/**
 * A metric in each subgroup, with 95 % intervals, the largest subgroup first. Each is judged by itself: subgroups also
 * differ by chance, and whoever looks for the worst of many finds one.
 * @param column a value for each image; images without a value (null, or no entry) are the subgroup 'unknown'
 * @param metric such as 'sensitivity'
 * @param options as for `statistics.estimate`
 * @throws LabError 'shape-mismatch' for a list for other images, 'bad-argument' where no name has a value, and what
 *   `statistics.estimate` throws
 * @example
 * const halves = predictions.names.map((_, i) => (i % 2 ? 'odd' : 'even'))
 * show(statistics.estimateBySubgroup(predictions, halves, 'accuracy'))
 */
export function estimateBySubgroup(
  predictions: Predictions, column: ImageColumn, metric: MetricName, options: EstimateOptions = {},
): SubgroupEstimate[] {
  requirePredictions(predictions)
  const values = columnValues(predictions.names, column), members = new Map<string, number[]>()
  values.forEach((value, i) => {
    const subgroup = value ?? 'unknown', list = members.get(subgroup)
    if (list) list.push(i)
    else members.set(subgroup, [i])
  })
  const rows = [...members].map(([subgroup, images]) => {
    const part = selectImages(predictions, images)
    const { groups } = resamplingUnits(part.groups, part.labels)
    const positive = options.positive ?? predictions.positive
    const positives = positivesOf(part, positive)
    const warning = warningOf(part, groups, positive)
    return { subgroup, ...estimate(part, metric, options), units: groups.length, positives, warning }
  })
  return rows.sort((a, b) => b.images - a.images)
}

/** The predictions for some of the images, in the order of the indices. */
export function selectImages(predictions: Predictions, images: readonly number[]): Predictions {
  const width = predictions.classes.length
  const rows = images.flatMap(i => [...predictions.probabilities.subarray(i * width, (i + 1) * width)])
  return {
    ...predictions, labels: Int32Array.from(images, i => predictions.labels[i]),
    names: images.map(i => predictions.names[i]), groups: images.map(i => predictions.groups[i]),
    probabilities: Float32Array.from(rows),
  }
}

/**
 * Numbers as bands, for columns such as age.
 * @param values null where a number is not known
 * @param edges rising; each belongs to the band above it
 * @returns such as 'below 40', '40 to below 60', 'from 60'; null where the number is not known
 * @throws LabError 'bad-argument' for a value that is no number, and for edges that do not rise
 * @example statistics.toBands([34, 60, null], [40, 60])   // ['below 40', 'from 60', null]
 */
export function toBands(values: readonly (number | null)[], edges: readonly number[]): (string | null)[] {
  edges.forEach((edge, i) => requireInRange('an edge', edge, i ? { above: edges[i - 1] } : {}))
  if (edges.length === 0)
    throw new LabError('bad-argument', {
      expected: 'one edge or more', received: 'none', remedy: 'Name the edges, such as [40, 60]',
    })
  return values.map(value => {
    if (value === null) return null
    requireInRange('a value', value, {})
    const above = edges.filter(edge => edge <= value).length
    if (above === 0) return `below ${edges[0]}`
    return above === edges.length ? `from ${edges[above - 1]}` : `${edges[above - 1]} to below ${edges[above]}`
  })
}

/**
 * A column's value for each image.
 * @throws LabError 'shape-mismatch' for a list of another length, 'bad-argument' where no name has a value
 */
export function columnValues(names: readonly string[], column: ImageColumn): (string | null)[] {
  if (Array.isArray(column)) {
    if (column.length === names.length) return column.map(value => value ?? null)
    throw new LabError('shape-mismatch', {
      expected: `${names.length} values, one an image`, received: String(column.length),
      remedy: 'Pass a value for each image',
    })
  }
  const byName = column as Readonly<Record<string, string | null>>
  const values = names.map(name => (Object.hasOwn(byName, name) ? byName[name] ?? null : null))
  if (values.every(value => value === null))
    throw new LabError('bad-argument', {
      expected: `values by image name, such as ${names[0] ?? 'a name'}`,
      received: Object.keys(byName).slice(0, 3).join(', ') || 'none',
      remedy: 'Name images as the data set names them',
    })
  return values
}

function positivesOf({ labels, classes }: Predictions, positive: string | undefined): number {
  const counts = classes.map((_, k) => labels.filter(label => label === k).length)
  return positive === undefined ? Math.min(...counts) : counts[classes.indexOf(positive)]
}

/**
 * Rules of thumb: intervals from fewer than 20 groups are rough, and so are shares of fewer than 10 images or groups of
 * a class.
 */
function warningOf(
  { grouping, classes, labels }: Predictions, groups: readonly (readonly number[])[], positive: string | undefined,
): string {
  const noun = grouping === 'none' ? 'image' : grouping, faults: string[] = []
  if (groups.length < 20) faults.push(`only ${counted(groups.length, noun)}`)
  const kind = (label: string, has: (of: string) => boolean) =>
    ({ label, has: (image: number) => has(classes[labels[image]]) })
  const kinds = positive === undefined ? classes.map(label => kind(label, of => of === label))
    : [kind(positive, of => of === positive), kind('the rest', of => of !== positive)]
  for (const { label, has } of kinds) {
    const images = sum(groups, group => group.filter(has).length), of = groups.filter(group => group.some(has)).length
    if (images < 10) faults.push(`only ${counted(images, 'image')} of ${label}`)
    else if (groups.length >= 20 && of < 10) faults.push(`only ${counted(of, noun)} of ${label}`)
  }
  return faults.join('; ')
}
