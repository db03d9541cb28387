/** Looking into image files before a set is opened, in this thread or another. */
import { decodeStored, imageLimit } from '../images/image-file'
import { scanOf, type ImageScan } from '../images/image-scan'
import { LabError } from '../system/errors'
import { readFileCappedSync } from '../system/files'

/** What was found in a file, or why it cannot be read. */
export type Finding = ImageScan | { fault: string }

/** Decodes image files and says what they hold, or what is wrong with them. */
export async function examineFiles(paths: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const path of paths) findings.push(await examineFile(path))
  return findings
}

async function examineFile(path: string): Promise<Finding> {
  try {
    return scanOf(await decodeStored(readFileCappedSync(path, imageLimit)))
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { fault: error.code === 'too-large' ? `a file above ${imageLimit} bytes` : error.received }
  }
}
