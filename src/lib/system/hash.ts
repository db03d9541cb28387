/** Hashes of bytes and files: what tells one content from another. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { LabError } from './errors'
import { readable, requireFile } from './files'

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * A file's bytes, whose hash was taken before: another process may have replaced the file since.
 * @param hash SHA-256; without it nothing is checked
 * @throws LabError 'data-mismatch' for other bytes
 */
export function requireHash<T extends Uint8Array>(path: string, bytes: T, hash?: string): T {
  if (hash === undefined || sha256(bytes) === hash) return bytes
  throw new LabError('data-mismatch', {
    expected: `${path} to be as it was when its data set was opened`, received: 'a file of other bytes',
    remedy: 'Open the data set again',
  })
}

/**
 * The hash of a file of any size, in hexadecimal digits.
 * @param algorithm 'sha256' (default, 64 digits), or 'md5' (32 digits) for files whose publisher gives no other hash
 * @throws LabError 'data-missing' where the file is missing or may not be read
 */
export async function hashFile(path: string, algorithm: 'sha256' | 'md5' = 'sha256'): Promise<string> {
  const hash = createHash(algorithm)
  await requireFile(path)
  await readable(path, async () => {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  })
  return hash.digest('hex')
}
