/** Files that another version of this program wrote: never read as if this version had written them. */
import { LabError } from './errors'

const later = 'Update this program (git pull, then the same command again), or open the file with the version that wrote it'

/**
 * The error for a file whose format has another version than this program reads.
 * @param file what it is, such as its path
 * @param received the version that the file names; anything but a whole number counts as earlier than all
 * @param known the version that this program reads
 * @param remedy what to do with a file of an earlier version
 */
export function otherVersion(file: string, received: unknown, known: number, remedy: string): LabError {
  const isLater = Number.isInteger(received) && (received as number) > known
  return new LabError('other-version', {
    expected: `${file} in version ${known} of its format`,
    received: `${Number.isInteger(received) ? `version ${received as number}` : 'one without this version'}, which ` +
      `${isLater ? 'a later' : 'an earlier'} version of this program wrote`,
    remedy: isLater ? later : remedy,
  })
}

/**
 * The error for a whole file that holds something which this program does not know.
 * @param what it holds, such as 'the setting "flip"'
 */
export function unknownContent(file: string, what: string): LabError {
  return new LabError('other-version', {
    expected: `${file} to hold what this version of the program knows`,
    received: `${what}, which it does not know: another version wrote the file`, remedy: later,
  })
}
