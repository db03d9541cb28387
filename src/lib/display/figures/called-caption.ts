/** What stands beneath an image that a classifier called something. */
import type { Grouping } from '../../data/dataset'
import type { CalledImage } from '../../evaluation/called-images'
import { formatNumber, withoutBreaks } from '../format'

/** The image's name, its truth and prediction with the probability, and its group, each a line. */
export function calledCaption(called: CalledImage, grouping: Grouping): string[] {
  const { name, truth, predicted, probability, group } = called
  const call = truth === predicted ? `${truth}, called so` : `${truth}, called ${predicted}`
  return [name, withoutBreaks(`${call} at ${formatNumber(probability, 'percent')}`), ...groupLine(group, grouping)]
}

function groupLine(group: string | null, grouping: Grouping): string[] {
  if (grouping === 'none') return []
  if (group === null) return [`${grouping} unknown`]
  return [group.startsWith(grouping) ? group : `${grouping}: ${group}`]
}
