/** Grids of images whose labels are probably wrong, and of odd images. */
import { range } from 'd3-array'
import type { ImageIssues } from '../../audit/image-issues'
import type { LabelIssues } from '../../audit/label-issues'
import type { Dataset } from '../../data/dataset'
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { formatNumber } from '../format'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/** Words around the grid, its measures, and how many images it shows. */
export interface IssueGridOptions extends Partial<ImageGridOptions> {
  /** How many images are shown at most, 1 to 60. Default 8. */
  images?: number
}

const optionNames = { ...gridOptionNames, images: true } as const

/**
 * The images whose labels a classifier contradicts, the most contradicted first: name, label with its probability, and
 * what the classifier is confident of.
 * @param dataset the set of the predictions
 * @throws LabError 'bad-argument' for issues of images that the set does not have
 * @example show(await figures.labelIssues(ct, statistics.findLabelIssues(predictions), { images: 4 }))
 */
export async function labelIssues(
  dataset: Dataset, { issues, images: all }: LabelIssues, options: IssueGridOptions = {},
): Promise<Figure> {
  requireKnownKeys('labelIssues', options, optionNames)
  const { images = 8, ...grid } = options
  requireInRange('images', images, { low: 1, high: 60, whole: true })
  const places = new Map(dataset.items.map(({ name }, i) => [name, i]))
  const shown = await Promise.all(issues.slice(0, images).map(async ({ name, label, suggested, confidence }) => {
    const place = places.get(name)
    if (place === undefined)
      throw new LabError('bad-argument', {
        expected: `issues of images of ${dataset.name}`, received: `the image ${name}`, remedy: 'Pass the set of the predictions',
      })
    const caption = `${name}\n${label} at ${formatNumber(confidence, 'percent')}, rather ${suggested}`
    return { image: await dataset.read(place), mark: 'wrong' as const, caption }
  }))
  return imageGrid(shown, {
    name: 'label-issues', title: 'Contradicted labels', columns: 4,
    subtitle: `${counted(issues.length, 'label')} of ${counted(all, 'image')}${rest(issues.length, shown.length)}: `
      + `wrong labels, or hard images. ${dataset.notice}`,
    empty: 'The classifier contradicts no label confidently.', ...grid,
  })
}

/**
 * Odd images, the oddest of each kind in turn: name, class, and why each is odd.
 * @throws LabError 'bad-argument' for issues of another set
 * @example show(await figures.imageIssues(ct, await look.findImageIssues(ct), { images: 4 }))
 */
export async function imageIssues(
  dataset: Dataset, issues: ImageIssues, options: IssueGridOptions = {},
): Promise<Figure> {
  requireKnownKeys('imageIssues', options, optionNames)
  const { images = 8, ...grid } = options
  requireInRange('images', images, { low: 1, high: 60, whole: true })
  if (issues.set.contentHash !== dataset.contentHash)
    throw new LabError('bad-argument', {
      expected: `odd images of ${dataset.name}`, received: `those of another set, ${issues.set.name}`,
      remedy: 'Pass what findImageIssues found in this set',
    })
  const odd = inTurn(issues)
  const shown = await Promise.all([...odd].slice(0, images).map(async ([index, kinds]) => {
    const { name, label } = dataset.items[index]
    return { image: await dataset.read(index), caption: `${name}\n${dataset.labels[label]}: ${kinds.join(', ')}` }
  }))
  return imageGrid(shown, {
    name: 'image-issues', title: 'Odd images', columns: 4,
    subtitle: `${odd.size} of ${counted(issues.images, 'image')}${rest(odd.size, shown.length)}. ${dataset.notice}`,
    empty: 'No image is odd.', ...grid,
  })
}

/** Each odd image and all that is odd about it: the oddest of each kind, then the next ones. */
function inTurn({ kinds }: ImageIssues): Map<number, string[]> {
  const longest = Math.max(0, ...kinds.map(({ indices }) => indices.length))
  const order = range(longest).flatMap(place => kinds.flatMap(({ indices }) => indices.slice(place, place + 1)))
  return new Map(order.map(index =>
    [index, kinds.filter(({ indices }) => indices.includes(index)).map(({ kind }) => kind)]))
}

function rest(all: number, shown: number): string {
  return all > shown ? `, the first ${shown} shown` : ''
}
