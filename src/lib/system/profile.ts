/** How much work the notebooks do: enough for a test, for a first look, or for figures worth quoting. */
import { oneOf } from './errors'

export const profiles = ['tiny', 'quick', 'full'] as const
export type Profile = (typeof profiles)[number]

/**
 * The profile in use: the environment variable LAB_PROFILE, 'quick' without it.
 * @throws LabError 'bad-argument' for any other name
 */
export function profile(): Profile {
  const name = process.env.LAB_PROFILE || 'quick'
  const found = profiles.find(candidate => candidate === name)
  if (!found) throw oneOf('LAB_PROFILE', name, profiles)
  return found
}

/**
 * The value for the profile in use.
 * @example const epochs = byProfile({ tiny: 1, quick: 8, full: 50 })
 */
export function byProfile<T>(choices: { tiny: T; quick: T; full: T }): T {
  return choices[profile()]
}
