/** What is odd about a set's images, in words. */
import type { Dataset } from '../data/dataset'
import { counted } from '../system/summary'
import type { Finding } from './finding'
import type { ImageIssue, ImageIssues } from './image-issues'

/** A kind of odd images goes with the class where chance explains it less often than this, shared by all kinds. */
const significance = 0.05

/**
 * The finding on images. 'fault': images are nearly empty, or odd images lie in one class more often than chance
 * explains (Bonferroni over the kinds): what only one class has is a shortcut. 'unknown': too few images to compare.
 * @example look.describeImageIssues(ct, await look.findImageIssues(ct)).sentence
 */
export function describeImageIssues(dataset: Dataset, issues: ImageIssues): Finding {
  const { kinds, images, counts, uncompared } = issues
  const found = kinds.filter(({ indices }) => indices.length > 0)
  const empty = found.find(({ kind }) => kind === 'nearly empty')
  const telling = found.filter(({ pValue }) => pValue < significance / kinds.length)
  const all = new Set(found.flatMap(({ indices }) => indices)).size
  const of = (verdict: Finding['verdict'], sentence: string): Finding => ({ question: 'images', verdict, sentence })
  const total = found.length
    ? `${shown(all)} of ${counted(images, 'image')} ${all === 1 ? 'is' : 'are'} odd: ${found.map(({ kind, indices }) => `${shown(indices.length)} ${kind}`).join(', ')}.`
    : `None of ${counted(images, 'image')} is unlike the rest in brightness, contrast, sharpness, exposure, size or channels.`
  const classes = telling.map(issue => ` Class and oddness go together: ${words(issue, dataset, counts)}.`).join('')
  if (empty || telling.length) return of('fault', total + classes)
  if (uncompared) return of('unknown', `No image is nearly empty; ${uncompared}.`)
  return of('clear', total + (found.length ? ' No class has clearly more of them.' : ''))
}

/** '14 of 20 images of COVID and 0 of 20 images of non-COVID are dark' */
function words({ kind, byClass }: ImageIssue, { labels }: Dataset, counts: readonly number[]): string {
  const shares = labels.map((label, k) => `${shown(byClass[k])} of ${counted(counts[k], 'image')} of ${label}`)
  return `${shares.slice(0, -1).join(', ')} and ${shares.at(-1)} are ${kind.startsWith('odd ')
    ? `of ${kind}` : kind}`
}

function shown(count: number): string {
  return count.toLocaleString('en-US')
}
