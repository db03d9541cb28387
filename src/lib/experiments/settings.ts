/** Checks settings against a schema. An error about an unknown setting names the nearest known one. */
import { z } from 'zod'
import { LabError, oneOf } from '../system/errors'

/**
 * Settings with the schema's defaults filled in.
 * @param what the settings are of, for errors, such as 'an experiment'
 * @throws LabError 'bad-argument' naming the first setting that is unknown, missing or of another type
 */
export function parseSettings<Schema extends z.ZodType>(
  what: string, schema: Schema, settings: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(settings)
  if (result.success) return result.data
  const { issues } = result.error
  // A misspelled setting is also missing under its right name. The misspelled name is the more helpful report.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  const setting = issue.path.length ? `${issue.path.join('.')} of ${what}` : what
  if (issue.code === 'unrecognized_keys') {
    const names = settingsAt(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), issue.path)
    throw oneOf(`a setting of ${setting}`, issue.keys[0], names)
  }
  if (issue.code === 'invalid_value') throw oneOf(setting, valueAt(settings, issue.path), issue.values.map(String))
  const [, expected = '', received = ''] = /expected (.+), received (.+)$/i.exec(issue.message) ?? []
  const allowed = [...issue.message.matchAll(/'([^']+)'/g)].map(match => match[1])
  if (issue.code === 'invalid_union' && allowed.length) throw oneOf(setting, valueAt(settings, issue.path), allowed)
  throw new LabError('bad-argument', {
    expected: `${setting} to be ${expected || 'another value'}`, received: received || issue.message,
    remedy: 'Change this setting',
  })
}

function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], settings)
}

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The names that settings at a path may have. */
function settingsAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  let nodes = variants(schema)
  for (const key of path)
    nodes = nodes.flatMap(({ properties, items }) => typeof key === 'number' ? [items] : [properties?.[String(key)]])
      .filter(node => typeof node === 'object' && !Array.isArray(node))
      .flatMap(node => variants(node as JsonSchema))
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))]
}

/** A schema, and all its alternatives. */
function variants(schema: JsonSchema): JsonSchema[] {
  return [schema, ...[schema.anyOf, schema.oneOf].flatMap(choices => choices ?? []).flatMap(variants)]
}
