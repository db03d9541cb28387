/** The values of the project's environment variables. */
import { LabError } from './errors'
import { wrongVariable, type VariableName } from './variables.mjs'

/**
 * An environment variable of the project; undefined where it is not set, or empty.
 * @throws LabError 'bad-argument' where its value is none that it may have
 */
export function variable(name: VariableName): string | undefined {
  const value = process.env[name] || undefined
  const fault = wrongVariable(name, value)
  if (fault) throw new LabError('bad-argument', fault)
  return value
}
