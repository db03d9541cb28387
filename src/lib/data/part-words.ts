/** The words by which folders and tables name the parts of a split. */
import type { Role } from './dataset'

const roleOf: Readonly<Record<string, Role>> = {
  train: 'train', training: 'train',
  validation: 'validation', val: 'validation', valid: 'validation', validate: 'validation', dev: 'validation',
  test: 'test', testing: 'test',
}

/** The words that documents and errors name; others are understood too. */
export const partWords = ['train', 'validation', 'test'] as const

/** The part that a word such as 'Train', 'val' or 'test_set' names, in any capitals; null for any other word. */
export function partOfWord(word: string): Role | null {
  const plain = word.trim().toLowerCase().replace(/(?<=.)[ _-]*(set|data|images|part|split)$/, '')
  return Object.hasOwn(roleOf, plain) ? roleOf[plain] : null
}
