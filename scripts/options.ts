/** The options behind a command: `--name value`, and flags, `--name`. */
import { parseArgs } from 'node:util'
import { LabError } from '../src/lib/system/errors'

export interface Options<Name extends string, Flag extends string> {
  text(name: Name): string | undefined
  /** One of some words; `standard` where the option was not given. */
  oneOf<Word extends string, Standard>(name: Name, words: readonly Word[], standard: Standard): Word | Standard
  /** A whole number from 0. */
  whole<Standard>(name: Name, standard: Standard): number | Standard
  /** A number from 0, such as .2. */
  decimal<Standard>(name: Name, standard: Standard): number | Standard
  /** Whether it was given. */
  flag(name: Flag): boolean
  /** @throws LabError 'bad-argument' that shows the usage */
  refuse(name: Name): never
}

/** @throws LabError 'bad-argument' that shows the usage; so do the functions of what it gives back */
export function readOptions<Name extends string, Flag extends string = never>(
  words: string[], usage: string, names: readonly Name[], flags: readonly Flag[] = [],
): Options<Name, Flag> {
  const refused = (received: string) =>
    new LabError('bad-argument', { expected: usage, received, remedy: 'Change the command' })
  const text = (name: Name) => given[name] as string | undefined
  const refuse = (name: Name) => { throw refused(`--${name} ${text(name)}`) }
  const matching = <Standard>(name: Name, pattern: RegExp, standard: Standard) =>
    text(name) === undefined ? standard : pattern.test(text(name)!) ? Number(text(name)) : refuse(name)
  const given = parsed(words, names, flags, refused)
  return {
    text, refuse, flag: name => given[name] === true,
    oneOf: (name, among, standard) =>
      text(name) === undefined ? standard : among.find(word => word === text(name)) ?? refuse(name),
    whole: (name, standard) => matching(name, /^\d+$/, standard),
    decimal: (name, standard) => matching(name, /^\d*\.?\d+$/, standard),
  }
}

function parsed(
  words: string[], names: readonly string[], flags: readonly string[], refused: (received: string) => LabError,
): Readonly<Record<string, unknown>> {
  try {
    const options = Object.fromEntries([
      ...names.map(name => [name, { type: 'string' as const }] as const),
      ...flags.map(name => [name, { type: 'boolean' as const }] as const),
    ])
    return parseArgs({ args: words, options }).values
  } catch (fault) {
    throw refused((fault as Error).message)
  }
}
