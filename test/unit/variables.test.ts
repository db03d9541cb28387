/** The project's environment variables: a wrong value is an error, and a misspelt name is pointed out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { labInfoTable } from '../../src/lib/notebook/lab-info'
import { threadLimit } from '../../src/lib/system/parallel'
import { profile, profiles } from '../../src/lib/system/profile'
import { inProject } from '../../src/lib/system/project-root'
import { variable } from '../../src/lib/system/variable'
import { firstWrongVariable, unknownVariables, variableNames, wrongVariable } from '../../src/lib/system/variables.mjs'

afterEach(() => void vi.unstubAllEnvs())

describe('a variable', () => {
  it.each([
    ['LAB_PROFILE', 'ful', "expected LAB_PROFILE to be 'tiny', 'quick' or 'full', received 'ful'. Nearest: 'full'."],
    ['LAB_ENGINE', 'Native', "'native', 'gpu' or 'wasm', received 'Native'. Nearest: 'native'."],
    ['LAB_DETERMINISTIC', 'yes', "'0' or '1', received 'yes'"],
    ['LAB_OPERATIONS', 'plian', "'plain', received 'plian'"],
    ['LAB_PRECISION', 'fp32', "expected LAB_PRECISION to be 'float32' or 'tf32', received 'fp32'"],
    ['LAB_THREADS', '0', 'a whole number from 1 to 4096, received \'0\''],
    ['LAB_THREADS', '4097', 'from 1 to 4096'], ['LAB_THREADS', '2.5', 'a whole number'], ['LAB_THREADS', 'two', 'a whole number'],
    ['LAB_WORKERS', '65', 'from 0 to 64'], ['LAB_WORKERS', '-1', 'from 0 to 64'],
    ['LAB_FEATURE_CACHE', '1 GB', 'a whole number of MiB, received \'1 GB\''],
  ] as const)('%s=%s is refused', (name, value, words) => {
    vi.stubEnv(name, value)
    expect(() => variable(name)).toThrow(words)
    expect(firstWrongVariable()?.expected).toContain(name)
  })

  it.each([
    ['LAB_PROFILE', 'tiny'], ['LAB_ENGINE', 'gpu'], ['LAB_THREADS', '4096'], ['LAB_WORKERS', '0'], ['LAB_WORKERS', '64'],
    ['LAB_FEATURE_CACHE', '0'], ['LAB_DETERMINISTIC', '0'], ['LAB_DATA', 'whatever'],
  ] as const)('%s=%s is taken', (name, value) => {
    vi.stubEnv(name, value)
    expect(variable(name)).toBe(value)
  })

  it.each(variableNames)('%s counts as not set where it is empty', name => {
    expect(wrongVariable(name, '')).toBeNull()
    vi.stubEnv(name, '')
    expect(variable(name)).toBeUndefined()
  })

  it('of a profile has the words of the profiles', () => {
    for (const name of profiles) {
      vi.stubEnv('LAB_PROFILE', name)
      expect(profile()).toBe(name)
    }
    vi.stubEnv('LAB_PROFILE', 'none')
    for (const name of profiles) expect(profile).toThrow(`'${name}'`)
  })

  it('of threads is no longer passed over', () => {
    vi.stubEnv('LAB_THREADS', 'many')
    expect(threadLimit).toThrow('LAB_THREADS')
  })
})

describe('a name that is no variable', () => {
  it.each([
    ['LAB_PROFIL', 'LAB_PROFILE'], ['LAB_DATASET', 'LAB_DATA'], ['LABPROFILE', 'LAB_PROFILE'], ['lab_data', 'LAB_DATA'],
    ['LAB_PYTON', 'LAB_PYTHON'], ['Lab-Engine', 'LAB_ENGINE'], ['LAB__DATA', 'LAB_DATA'],
  ])('%s is pointed out, with %s', (name, like) => {
    expect(unknownVariables({ [name]: 'x', LAB_DATA: 'y' }))
      .toEqual([`${name} does nothing: the project has no such variable. Nearest: ${like}.`])
  })

  it('that is like none is pointed out, with the list', () => {
    expect(unknownVariables({ LAB_BRIGHTNESS: 'x' }))
      .toEqual(['LAB_BRIGHTNESS does nothing: the project has no such variable. docs/requirements.md lists them.'])
  })

  it('is not one of another program', () => {
    expect(unknownVariables({ PATH: '', LABEL: 'x', COLLAB_DATA: '', HOME: '', LABORATORY: '' })).toEqual([])
    expect(unknownVariables(Object.fromEntries(variableNames.map(name => [name, 'x'])))).toEqual([])
  })

  it('stands in a notebook’s first output', async () => {
    vi.stubEnv('LAB_DATA', 'phantom')
    vi.stubEnv('LAB_PROFILE', 'tiny')
    vi.stubEnv('LAB_PROFIL', 'full')
    expect((await labInfoTable()).rows).toContainEqual(
      { what: 'variable', value: 'LAB_PROFIL does nothing: the project has no such variable. Nearest: LAB_PROFILE.' })
  })
})

it('every variable that the project reads is known', () => {
  const read = ['src', 'scripts', 'bench', 'test/golden'].flatMap(folder =>
    readdirSync(inProject(folder), { recursive: true }).map(String).filter(name => /\.(ts|mjs|py)$/.test(name))
      .flatMap(name => readFileSync(join(inProject(folder), name), 'utf8').match(/(?<=env(?:iron)?\W{1,2}(?:get\(')?)LAB_\w+/g) ?? []))
  expect(read.length).toBeGreaterThan(8)
  expect(variableNames).toEqual(expect.arrayContaining([...new Set(read)]))
})
