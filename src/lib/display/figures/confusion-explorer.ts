/** The confusion matrix whose cells open the images that they count. */
import { sum } from 'd3-array'
import type { Part } from '../../data/split/split'
import { imagesByCell, requirePredictedPart, type CalledImage } from '../../evaluation/called-images'
import type { Evaluation } from '../../evaluation/evaluation'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { hashName } from '../../system/random'
import { counted, withSummary } from '../../system/summary'
import { formatEstimate } from '../format'
import type { Gallery } from '../gallery'
import { shortenText } from '../letters'
import { absentWords, cellWords, confusionCells } from './confusion-cells'
import { figureOptionNames, type FigureOptions } from './figure'
import { explorerSection, thumbnailWidth, type Thumbnail } from './explorer-section'
import { pictureUrl, requirePixels } from './picture-url'

/** Words around the matrix, and how many images a cell opens. */
export interface ConfusionExplorerOptions extends FigureOptions {
  /** Images that a cell shows at most, 1 to 24. Default: 24, or so many that all cells together show 240. */
  images?: number
}

/** Images in one cell, and on one page. */
const mostInCell = 24, mostOnPage = 240

/**
 * Truth in rows, prediction in columns, as in `confusionMatrix`; each cell opens the images that it counts, by a click
 * or by Tab and Enter. Of the mistakes the most confident stand first, of the images called rightly the least
 * confident, each with its name, the probability of the class that it is called, and its group. A cell says how many
 * images more it counts than it shows.
 *
 * The page holds numbers and small pictures of the images, and needs neither a script nor a network. Whoever passes on
 * the notebook or the report passes on the pictures.
 * @param part the part that was predicted
 * @param options default name 'confusion-explorer'; default subtitle: accuracy with its interval
 * @throws LabError 'bad-argument' for another part than the one that was predicted
 * @example show(await figures.confusionExplorer(evaluation, parts.test))
 */
export async function confusionExplorer(
  evaluation: Evaluation, part: Part, options: ConfusionExplorerOptions = {},
): Promise<Gallery> {
  requireKnownKeys('confusionExplorer', options, { ...figureOptionNames, images: true })
  const { predictions } = evaluation
  requirePredictedPart(predictions, part)
  const cells = confusionCells(evaluation), inCells = imagesByCell(predictions)
  const filled = sum(inCells.flat(), images => Number(images.length > 0))
  const { images: most = Math.max(1, Math.min(mostInCell, Math.floor(mostOnPage / Math.max(1, filled)))) } = options
  requireInRange('images', most, { low: 1, high: mostInCell, whole: true })
  const { name = 'confusion-explorer', title = 'Confusion matrix, with the images behind it' } = options
  const missing = predictions.names.length ? absentWords(cells.flat()) : ' There are no images, so nothing is counted.'
  const subtitle = options.subtitle ?? `${counted(predictions.names.length, 'image')}. Accuracy `
    + `${formatEstimate(evaluation.accuracy)}; ${evaluation.intervalKind}. Shares are of a row.${missing}`
  const alt = `${title}. ${cells.flat().map(cellWords).join('; ')}.${missing}`
  const thumbnails = []
  for (const row of inCells)
    thumbnails.push(await inOrder(row, cell => inOrder(cell.slice(0, most), one => thumbnail(one, part))))
  const html = String(explorerSection({
    name, title, subtitle, cells, thumbnails, grouping: predictions.grouping, notice: part.dataset.notice,
    // Of the cells with one id only one stays open; another matrix on the same page has another id.
    id: `${name}-${hashName(alt + subtitle).toString(36)}`,
  }))
  return withSummary({ name, title, html, alt }, () => `Gallery: ${shortenText(alt, 400)}`, 'show(x)')
}

async function thumbnail(called: CalledImage, { dataset, indices }: Part): Promise<Thumbnail> {
  const image = await dataset.read(indices[called.index])
  requirePixels(image, called.name)
  return { ...called, picture: await pictureUrl(image, thumbnailWidth) }
}

/** One after another: large images must not fill the memory. */
async function inOrder<From, To>(list: readonly From[], work: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = []
  for (const one of list) results.push(await work(one))
  return results
}
