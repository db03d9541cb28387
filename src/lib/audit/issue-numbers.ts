/** The figures of labels that are probably wrong and of odd images. */
import type { ImageIssues } from './image-issues'
import type { LabelIssues } from './label-issues'
import { countOf, type AuditNumber } from './number'

/** How many labels are contradicted, and by how good a classifier. */
export function numbersOfLabels({ balancedAccuracy, contradicted, surest, odd, images }: LabelIssues): AuditNumber[] {
  const question = 'labels'
  return [
    { question, what: 'balanced accuracy of the classifier', measure: 'accuracy', ...balancedAccuracy, images },
    { question, what: 'contradicted labels by confident learning', measure: 'count', ...contradicted, images },
    { question, what: 'share contradicted among the surest images', measure: 'share', ...surest.share, images: surest.images },
    ...(odd ? [countOf(question, 'images with another label than most of their patient', odd.length, images)] : []),
  ]
}

/** How many images are odd, by kind. */
export function numbersOfImages({ kinds, images }: ImageIssues): AuditNumber[] {
  return kinds.map(({ kind, indices }) => countOf('images', kind, indices.length, images))
}
