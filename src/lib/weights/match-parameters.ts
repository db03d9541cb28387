/** Arrays from a file matched with a network's parameters, by name and shape. */
import type { ParameterSpec } from '../model/architecture'
import { LabError } from '../system/errors'
import type { Values } from './formats/tensor-file'

/** How many mismatches an error names: more than two ResNet50s have arrays. A file may hold any number of arrays. */
const namedMismatches = 1000

/**
 * The numbers of each parameter. Every parameter must be there with its shape, and no array may be left over: a file
 * that holds more arrays belongs to another network.
 * @param arrays by Keras's names
 * @param source named in errors, such as the file's path
 * @throws LabError 'weights-mismatch' with every mismatch
 */
export function matchParameters(
  parameters: readonly ParameterSpec[], arrays: ReadonlyMap<string, Values>, source: string,
): Map<string, Float32Array> {
  const names = new Set(parameters.map(({ name }) => name))
  const mismatches = [
    ...parameters.flatMap(({ name, shape }) => {
      const array = arrays.get(name)
      if (!array) return `${name} is missing`
      return sameShape(array.shape, shape) ? [] : `${name} is [${array.shape.join(', ')}], not [${shape.join(', ')}]`
    }),
    ...[...arrays.keys()].filter(name => !names.has(name)).map(name => `unexpected array ${name}`),
  ]
  if (mismatches.length > 0) throw mismatch(mismatches, parameters.length, source)
  return new Map(parameters.map(({ name }) => [name, arrays.get(name)!.values]))
}

/** Whether two arrays have the same length along every axis. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

function mismatch(mismatches: readonly string[], count: number, source: string): LabError {
  const unnamed = mismatches.length - namedMismatches
  const more = unnamed > 0 ? `\n  and ${unnamed} more` : ''
  return new LabError('weights-mismatch', {
    expected: `the ${count} arrays of this network in ${source}`,
    received: `${mismatches.length} mismatches:\n  ${mismatches.slice(0, namedMismatches).join('\n  ')}${more}\n`,
    remedy: 'Check that the file holds a ResNet50 of this width and variant',
  })
}
