/** Arrays from elsewhere put in the places of a network's parameters, by name and shape. */
import type { ParameterSpec } from '../model/architecture'
import { LabError } from '../system/errors'
import type { Values } from './formats/tensor-file'

/** Mismatches told by name: more than two ResNet50s have arrays. A file may hold any number. */
const shown = 1000

/**
 * The numbers for each wanted parameter. Nothing may be missing, of another shape, or left over: a file that holds more
 * is another network's.
 * @param found by Keras's names
 * @param source named in errors, such as a file's path
 * @throws LabError 'weights-mismatch' with every mismatch
 */
export function placed(
  wanted: readonly ParameterSpec[], found: ReadonlyMap<string, Values>, source: string,
): Map<string, Float32Array> {
  const names = new Set(wanted.map(({ name }) => name))
  const mismatches = [
    ...wanted.flatMap(({ name, shape }) => {
      const values = found.get(name)
      if (!values) return `${name} is missing`
      return sameShape(values.shape, shape) ? [] : `${name} is [${values.shape.join(', ')}], not [${shape.join(', ')}]`
    }),
    ...[...found.keys()].filter(name => !names.has(name)).map(name => `${name} belongs nowhere`),
  ]
  if (mismatches.length > 0) throw mismatch(mismatches, wanted.length, source)
  return new Map(wanted.map(({ name }) => [name, found.get(name)!.values]))
}

/** Whether two arrays have the same length along every axis. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

function mismatch(mismatches: readonly string[], count: number, source: string): LabError {
  const more = mismatches.length > shown ? `\n  and ${mismatches.length - shown} more` : ''
  return new LabError('weights-mismatch', {
    expected: `the ${count} arrays of this network in ${source}`,
    received: `${mismatches.length} mismatches:\n  ${mismatches.slice(0, shown).join('\n  ')}${more}\n`,
    remedy: 'Check that the file is of a ResNet50, of this width and variant',
  })
}
