/** Recognizing a folder's layout from the paths of its images. */
import { rollup } from 'd3-array'
import { LabError } from '../../system/errors'
import { partOfWord } from '../part-words'
import { describeContents, fewNames } from './contents'
import type { Levels } from './layout'

/** Folders that hold kinds of files, never classes or patients. */
const kindOfFile = /^(images?|imgs?|masks?|(lung|infection)[ _-]?masks?|labels?|annotations?|segmentations?|png|jpe?g|tiff?|dicom|dcm|scans?|slices?|data)$/i
/** More classes than this are most likely patients. */
const mostClasses = 100

/**
 * Recognizes the layout of images.
 * @param names paths of images, such as 'COVID/one.png'
 * @returns the levels; null where no folder stands for a class, so that a table has to name the classes
 * @throws LabError 'bad-argument' where the paths fit no layout, or more than one, with what there is
 */
export function recognizeLayout(folder: string, names: readonly string[]): Levels | null {
  const paths = names.map(name => name.split('/').slice(0, -1)).filter(path => path.length > 0)
  if (paths.length === 0) return null
  const refuse = (expected: string, remedy: string): never => {
    throw new LabError('bad-argument', { expected: `${folder} to hold ${expected}`, received: describeContents(names), remedy })
  }
  const tops = distinct(paths.map(path => path[0]))
  const parts = tops.filter(top => partOfWord(top) !== null)
  const partsAreFolders = paths.some(path => parts.includes(path[0]) && path.length > 1)
  const first: string[] = []
  if (parts.length === tops.length) {
    if (!partsAreFolders) return null
    if (paths.some(path => path.length === 1))
      refuse('the classes in each of its parts', 'Sort the images of each part into subfolders named after their classes')
    first.push('part', 'class')
  } else if (parts.length > 0 && partsAreFolders)
    refuse('either parts (train, validation, test) or classes, not both',
      `Move ${fewNames(tops.filter(top => !parts.includes(top)))} out of the folder, or name the layout, such as --layout part/class/image`)
  else {
    first.push('class')
    const second = paths.map(path => path[1] ?? '')
    const isPart = second.map(name => partOfWord(name) !== null)
    if (isPart.every(Boolean)) first.push('part')
    else if (isPart.some(Boolean))
      refuse('the same subfolders in each class', 'Give every class the folders train, validation and test, or none of them')
  }
  const classes = distinct(paths.map(path => path[first.indexOf('class')])).filter(name => kindOfFile.test(name))
  if (classes.length > 0)
    refuse('classes, not kinds of files', `If ${classes[0]} is a class, name the layout, such as --layout class/image; `
      + 'else move its files out of the folder')
  return [...first, ...inner(paths.map(path => path.slice(first.length)), paths.map(path => path[first.indexOf('class')]), refuse)]
}

/** The levels inside the classes: none, or patients. */
function inner(
  rests: readonly (readonly string[])[], classes: readonly string[],
  refuse: (expected: string, remedy: string) => never,
): string[] {
  if (distinct(classes).length > mostClasses)
    refuse(`at most ${mostClasses} classes`, 'If the folders are patients, put them into a folder for each class; else name the layout: --layout class/image')
  if (rests.every(rest => rest.length === 0)) return []
  if (rests.some(rest => rest.length === 0))
    refuse('the images of all classes at one depth',
      'Move images out of subfolders, or give every image the subfolder of its patient')
  const folders = distinct(rests.map(rest => rest[0]))
  const kinds = folders.filter(name => kindOfFile.test(name))
  if (kinds.length > 0)
    refuse('a subfolder for each patient', `If ${kinds[0]} holds the images: --layout class/${kinds[0]}/image`)
  if (folders.length <= distinct(classes).length)
    refuse('a subfolder for each patient, several in each class',
      'If the subfolders are no patients: --layout class/*/image; if they are: --layout class/patient/image')
  const classesOf = rollup(rests.keys(), list => new Set(list.map(i => classes[i])).size, i => rests[i][0])
  if (folders.every(name => classesOf.get(name)! > 1))
    refuse('patients that differ from class to class',
      `If ${fewNames(folders)} are the classes: --layout */class/image; if they are patients: --layout class/patient/image`)
  return rests.every(rest => rest.length === 1) ? ['patient'] : ['patient', '**']
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
