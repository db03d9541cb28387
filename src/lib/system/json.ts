/** JSON from disk: parsed and validated against a schema, never trusted. */
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { damagedFile, LabError } from './errors'
import { readFileCapped, writeFileAtomic } from './files'
import { otherVersion } from './other-version'
import { tellUnwritten } from './unwritten'

/** Bytes of the largest JSON file that is read unless the caller allows more. */
const defaultLimit = 64 * 1024 ** 2

/**
 * Reads a JSON file.
 * @param schema what the file must hold; keys that it does not name are dropped
 * @returns the content, with the schema's defaults filled in
 * @throws LabError 'data-missing' where there is no file, 'too-large', 'damaged-file' naming the first fault;
 *   'other-version' where the file names another version than the schema
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

/** Writes JSON that can be made again. Where it cannot be written, the work goes on, and a notice says so. */
export async function writeCachedJson(path: string, content: unknown): Promise<void> {
  try {
    await writeFileAtomic(path, JSON.stringify(content))
  } catch (fault) {
    tellUnwritten(path, fault, 'It is computed again next time.')
  }
}

/**
 * The version of what a cache holds: increase it when the same images start to give something else. Files that name no
 * version are of the first.
 */
export function cachedVersion(version: number) {
  return z.int().default(1).pipe(z.literal(version))
}

/**
 * Parses JSON text.
 * @param path where the text comes from, for errors
 * @throws LabError 'damaged-file' naming the first fault; 'other-version' as `readJson`
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
  const { issues } = result.error, [{ path: keys, message }] = issues
  // A file of another version may differ from the schema in more than its version: that is the one to name.
  for (const issue of issues)
    if (issue.code === 'invalid_value' && issue.path.join() === 'version' && Number.isInteger((value as Versioned).version))
      throw otherVersion(path, (value as Versioned).version, Number(issue.values[0]), 'Make the file again')
  throw damagedFile(path, `${keys.length ? keys.join('.') : 'the content'}: ${message}`,
    issues[0].code === 'unrecognized_keys' ? 'Correct this name; if a later version of this program wrote it: git pull' : undefined)
}

interface Versioned {
  version: unknown
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
