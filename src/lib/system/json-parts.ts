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
    const { checked, fault } = checkAll(entry, [...entries.entries()])
    if (fault) context.addIssue(fault)
    return checked
  })
}

/** An object with any keys, whose values match a schema. */
export function recordOf<Entry extends z.ZodType>(entry: Entry) {
  return z.record(z.string(), z.unknown()).transform((values, context): Record<string, z.infer<Entry>> => {
    const keys = Object.keys(values)
    const { checked, fault } = checkAll(entry, keys.map(key => [key, values[key]] as const))
    if (fault) context.addIssue(fault)
    return Object.fromEntries(checked.map((value, i) => [keys[i], value]))
  })
}

function checkAll<Entry extends z.ZodType>(
  schema: Entry, entries: readonly (readonly [number | string, unknown])[],
): { checked: z.infer<Entry>[]; fault?: z.core.$ZodRawIssue } {
  const checked: z.infer<Entry>[] = []
  for (const [key, value] of entries) {
    const { success, data, error } = schema.safeParse(value)
    if (!success) {
      const [issue] = error.issues
      return { checked, fault: { ...issue, path: [key, ...issue.path], input: value } as z.core.$ZodRawIssue }
    }
    checked.push(data)
  }
  return { checked }
}
