/** Headers of files of arrays, and the error for a damaged file: what the file formats share. */
import type { z } from 'zod'
import { LabError } from '../../system/errors'
import { parsePlain } from '../../system/json'

/** The error for a file that is not a whole file of its format. @param where named in the error, such as the path */
export function badTensorFile(where: string, expected: string, received: string): LabError {
  return new LabError('bad-tensor-file', {
    expected: `${expected} (${where})`, received, remedy: 'Make or fetch the file again',
  })
}

/** Parses a header's JSON. @throws LabError 'bad-tensor-file' */
export function parseHeader(text: string, where: string): unknown {
  try {
    return parsePlain(text)
  } catch (fault) {
    throw badTensorFile(where, 'a header in JSON', (fault as Error).message.slice(0, 120))
  }
}

/**
 * A part of a header, validated.
 * @param expected what the part must be, for the error
 * @throws LabError 'bad-tensor-file' naming the part as received
 */
export function validated<Schema extends z.ZodType>(
  part: unknown, schema: Schema, where: string, expected: string,
): z.infer<Schema> {
  const result = schema.safeParse(part)
  if (result.success) return result.data
  throw badTensorFile(where, expected, String(JSON.stringify(part)).slice(0, 80))
}
