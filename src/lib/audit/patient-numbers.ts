/** The figures of an audit's patients. */
import { countOf, type AuditNumber } from './number'
import type { Patients } from './patients'

/** How many patients there are, with images of two classes, and with images in two parts where parts are known. */
export function numbersOfPatients(found: Patients): AuditNumber[] {
  const { by, patients, images, unknown, split, inTwoClasses, inTwoParts } = found
  if (by === 'none') return []
  const named = by === 'file name' ? 'patients named by file names' : `${by}s`
  return [
    countOf('patients', named, patients, images), countOf('patients', 'images whose patient is not known', unknown, images),
    countOf('patients', `${named} with images of two classes`, inTwoClasses.length, images),
    ...(split === null ? [] : [countOf('patients', `${named} with images in two parts; ${split}`, inTwoParts.length, images)]),
  ]
}
