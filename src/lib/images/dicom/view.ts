/** What a CT image shows where it is no slice as radiologists look at it (DICOM PS3.3, C.7.6.2 and C.8.2.1). */
import type { ImageFacts } from '../stored-image'
import type { DataSet } from './data-set'

/** Reads image type and orientation; empty for a usual slice, and where the file says neither. */
export function viewOf(data: DataSet): Pick<ImageFacts, 'view'> {
  if (/(^|\\)LOCALIZER($|\\)/.test(data.string('x00080008') ?? '')) return { view: 'localizer' }
  const directions = (data.string('x00200037') ?? '').split('\\').map(Number)
  if (directions.length !== 6 || !directions.every(Number.isFinite)) return {}
  const row = mainDirection(directions.slice(0, 3)), column = mainDirection(directions.slice(3))
  if (row === '+x' && column === '+y') return {}
  return { view: row[1] !== 'z' && column[1] !== 'z' ? 'turned' : 'not across the body' }
}

/** '+x' is towards the patient's left, '+y' towards the back, '+z' towards the head. */
function mainDirection(direction: readonly number[]): string {
  const lengths = direction.map(Math.abs), axis = lengths.indexOf(Math.max(...lengths))
  return `${direction[axis] < 0 ? '-' : '+'}${'xyz'[axis]}`
}
