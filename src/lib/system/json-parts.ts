/**
 * Lists and records in JSON from elsewhere. They report their first fault only: a schema of `z.array` would make an
 * error for each of a million wrong entries, which takes hundreds of megabytes.
 */
import { z } from 'zod'

/**
 * A list whose entries match a schema.
 * @param list limits of the list's length, which are checked first. Default: any length
 * @example z.object({ items: listOf(itemSchema, z.array(z.unknown()).min(1)) })
 */
export function listOf<Entry extends z.ZodType>(entry: Entry, list: z.ZodArray<z.ZodUnknown> = z.array(z.unknown())) {
  return list.transform((entries, context): z.infer<Entry>[] => {
    const { checked, fault } = checkAll(entry, entries.keys(), index => entries[index])
    if (fault) context.addIssue(fault)
    return checked.map(([, value]) => value)
  })
}

/** An object with any keys, whose values match a schema. `z.record` would lose the key `__proto__` without a word. */
export function recordOf<Entry extends z.ZodType>(entry: Entry) {
  const object = z.custom<Record<string, z.input<Entry>>>(isPlainObject, 'Invalid input: expected record')
  return object.transform((values, context): Record<string, z.infer<Entry>> => {
    const { checked, fault } = checkAll(entry, Object.keys(values), key => values[key])
    if (fault) context.addIssue(fault)
    return Object.fromEntries(checked.map(([key, value]) => [key, value]))
  })
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkAll<Entry extends z.ZodType, Key extends string | number>(
  schema: Entry, keys: Iterable<Key>, valueOf: (key: Key) => unknown,
): { checked: [Key, z.infer<Entry>][]; fault?: z.core.$ZodRawIssue } {
  const checked: [Key, z.infer<Entry>][] = []
  for (const key of keys) {
    const value = valueOf(key), { success, data, error } = schema.safeParse(value)
    if (!success) {
      const [issue] = error.issues
      return { checked, fault: { ...issue, path: [key, ...issue.path], input: value } as z.core.$ZodRawIssue }
    }
    checked.push([key, data])
  }
  return { checked }
}
