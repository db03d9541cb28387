/** How much work the notebooks do: enough for a test, for a first look, or for figures worth quoting. */
import { requireKnownKeys } from './options'
import { variable } from './variable'

export const profiles = ['tiny', 'quick', 'full'] as const
export type Profile = (typeof profiles)[number]

/**
 * The profile in use: the environment variable LAB_PROFILE, 'quick' without it.
 * @throws LabError 'bad-argument' for any other name
 */
export function profile(): Profile {
  return (variable('LAB_PROFILE') ?? 'quick') as Profile
}

/**
 * The value for the profile in use.
 * @example const epochs = byProfile({ tiny: 1, quick: 8, full: 50 })
 */
export function byProfile<T>(choices: { tiny: T; quick: T; full: T }): T {
  requireKnownKeys('byProfile', choices ?? null, { tiny: true, quick: true, full: true })
  return choices[profile()]
}
