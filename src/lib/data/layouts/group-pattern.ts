/** Groups from a pattern on file names. */
import { LabError } from '../../system/errors'

/**
 * Makes a function that reads an image's group from its file name: the text in the pattern's parentheses (several are
 * joined by hyphens), or all that the pattern matches where it has none. A pattern with a slash reads the whole path.
 * @param pattern a regular expression, such as 'person(\\d+)_'
 * @returns null for names that the pattern does not match
 * @throws LabError 'bad-argument' for a text that is no pattern
 */
export function groupReader(pattern: string): (name: string) => string | null {
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'u')
  } catch (fault) {
    throw new LabError('bad-argument', {
      expected: 'groupPattern to be a regular expression', received: `${JSON.stringify(pattern)} (${(fault as Error).message})`,
      remedy: "Put the part that names the patient in parentheses, such as 'person(\\d+)_'",
    })
  }
  return name => {
    const found = expression.exec(pattern.includes('/') ? name : name.slice(name.lastIndexOf('/') + 1))
    if (!found) return null
    const captured = found.slice(1).filter(text => text !== undefined && text !== '')
    return (found.length > 1 ? captured.join('-') : found[0]) || null
  }
}
