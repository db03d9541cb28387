/**
 * Layouts: what each level of a folder means, written like a path, such as 'class/image', 'class/patient/image' or
 * 'train/class/image'. A level is `class`, `patient`, `part` (train, validation, test), `*` (any folder), `**` (any
 * folders, last only), or a folder's own name; the last word is `image`.
 */
import { LabError } from '../../system/errors'
import type { Role } from '../dataset'
import { partOfWord } from '../part-words'

/** What the path of an image says about it. */
export interface PathFacts {
  label: string
  group: string | null
  part?: Role
}

/** A layout's levels, without the image. */
export type Levels = readonly string[]

/**
 * Reads a layout as a user writes it.
 * @throws LabError 'bad-argument' for a layout that does not end in image, or names the class not at all or twice
 */
export function parseLayout(text: string): Levels {
  const words = text.trim().split('/').map(word => word.trim())
  const levels = words.slice(0, -1)
  const times = (word: string) => levels.filter(level => level === word).length
  const early = levels.indexOf('**')
  if (words.at(-1) !== 'image' || times('class') !== 1 || times('part') > 1 || times('patient') > 1
    || levels.includes('') || (early >= 0 && early < levels.length - 1))
    throw new LabError('bad-argument', {
      expected: 'a layout that names class once and ends in image, such as class/patient/image', received: JSON.stringify(text),
      remedy: 'Levels are class, patient, part, * (any folder), ** (any folders, before image only) or a folder’s name',
    })
  return levels
}

/**
 * What an image's path says in a layout; null where the path does not fit. Letters of classes and patients are composed
 * (NFC): two spellings that look the same are one.
 */
export function factsOfPath(levels: Levels, name: string): PathFacts | null {
  const folders = name.normalize('NFC').split('/').slice(0, -1)
  const open = levels.at(-1) === '**'
  const fixed = open ? levels.slice(0, -1) : levels
  if (folders.length < fixed.length || (!open && folders.length > fixed.length)) return null
  const facts: PathFacts = { label: '', group: null }
  for (const [i, level] of fixed.entries()) {
    const folder = folders[i]
    if (level === 'class') facts.label = folder
    else if (level === 'patient') facts.group = folder
    else if (level === 'part') {
      const part = partOfWord(folder)
      if (!part) return null
      facts.part = part
    } else if (level !== '*' && level.normalize('NFC') !== folder) return null
  }
  return facts
}
