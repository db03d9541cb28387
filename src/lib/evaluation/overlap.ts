/** Images and patients that both chose something and are judged by it: what makes figures look better than they are. */
import { LabError } from '../system/errors'
import { counted } from '../system/summary'
import type { Predictions } from './predictions'

/** The images that a choice was made on. */
export interface Choosers {
  names: readonly string[]
  groups: readonly (string | null)[]
}

/**
 * Warnings about images and groups that made a choice and are judged by it.
 * @param what was chosen, such as 'threshold'
 * @param allowed whether images that made the choice may be judged, with a warning; undefined where they never may
 * @throws LabError 'bad-argument' where an image that made the choice is judged, unless that is allowed
 */
export function overlapWarnings(
  what: string, choosers: Choosers, { names, groups }: Pick<Predictions, 'names' | 'groups'>, allowed?: boolean,
): string[] {
  const chose = new Set(choosers.names), same = names.filter(name => chose.has(name)).length
  if (same > 0 && !allowed)
    throw new LabError('bad-argument', {
      expected: `images that did not choose the ${what}`, received: `${counted(same, 'image')} that did`,
      remedy: 'Choose on the validation part and judge on the test part. Other images need other names'
        + (allowed === undefined ? '' : '. To repeat a protocol that did otherwise, pass { allowSameImages: true }, and '
          + 'the result says so'),
    })
  const choosing = new Set(choosers.groups.filter(group => group !== null))
  const shared = [...new Set(groups)].filter(group => group !== null && choosing.has(group)).length
  const warnings: string[] = []
  if (same) warnings.push(`${counted(same, 'image')} of ${names.length} chose the ${what}: these figures are too good`)
  if (shared)
    warnings.push(`${counted(shared, 'group')} had images among those that chose the ${what}: these figures may be too good`)
  return warnings
}
