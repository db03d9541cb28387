/** JSON from disk: parsed and validated against a schema, never trusted. */
import { existsSync } from 'node:fs'
import type { z } from 'zod'
import { damagedFile, LabError } from './errors'
import { readFileCapped } from './files'

/** Bytes of the largest JSON file that is read unless the caller allows more. */
const defaultLimit = 64 * 1024 ** 2

/**
 * Reads a JSON file.
 * @param schema what the file must hold; keys that it does not name are dropped
 * @returns the content, with the schema's defaults filled in
 * @throws LabError 'data-missing' where there is no file, 'too-large', 'damaged-file' naming the first fault
 */
export async function readJson<Schema extends z.ZodType>(
  path: string, schema: Schema, limit = defaultLimit,
): Promise<z.infer<Schema>> {
  return parseJson(path, (await readFileCapped(path, limit)).toString('utf8'), schema)
}

/** Reads JSON that can be made again: null where the file is missing, too large, damaged, or not as the schema says. */
export async function readCachedJson<Schema extends z.ZodType>(
  path: string, schema: Schema,
): Promise<z.infer<Schema> | null> {
  if (!existsSync(path)) return null
  try {
    return await readJson(path, schema)
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}

/**
 * Parses JSON text.
 * @param path where the text comes from, for errors
 * @throws LabError 'damaged-file' naming the first fault
 */
export function parseJson<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.infer<Schema> {
  let value: unknown
  try {
    value = parsePlain(text)
  } catch (fault) {
    throw damagedFile(path, (fault as Error).message)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [{ path: keys, message }] = result.error.issues
  throw damagedFile(path, `${keys.length ? keys.join('.') : 'the content'}: ${message}`)
}

/** No file of this project nests its lists and objects deeper. */
const deepest = 100

/**
 * `JSON.parse` for texts from elsewhere: what it gives can be walked and written again without exhausting the stack.
 * @throws SyntaxError for text that is no JSON, or whose lists and objects lie in one another more than 100 deep
 */
export function parsePlain(text: string): unknown {
  let depth = 0, quoted = false
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]
    if (mark === '"') quoted = !quoted
    else if (quoted) i += mark === '\\' ? 1 : 0
    else if (mark === '[' || mark === '{') depth++
    else if (mark === ']' || mark === '}') depth--
    if (depth > deepest) throw new SyntaxError(`Lists and objects lie in one another more than ${deepest} deep`)
  }
  return JSON.parse(text)
}
