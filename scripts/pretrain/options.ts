/** The options behind a command, each `--name value`. */
import { parseArgs } from 'node:util'
import { LabError } from '../../src/lib/errors'

export interface Options<Name extends string> {
  text(name: Name): string | undefined
  /** One of some words; `standard` where the option was not given. */
  oneOf<Word extends string, Standard>(name: Name, words: readonly Word[], standard: Standard): Word | Standard
  /** A whole number from 0. */
  whole<Standard>(name: Name, standard: Standard): number | Standard
  /** A number from 0, such as .2. */
  decimal<Standard>(name: Name, standard: Standard): number | Standard
  /** @throws LabError 'bad-argument' that shows the usage */
  refuse(name: Name): never
}

/** @throws LabError 'bad-argument' that shows the usage; so do the functions of what it gives back */
export function readOptions<Name extends string>(
  words: string[], usage: string, names: readonly Name[],
): Options<Name> {
  const refused = (received: string) =>
    new LabError('bad-argument', { expected: usage, received, remedy: 'Change the command' })
  const text = (name: Name) => texts[name]
  const refuse = (name: Name) => { throw refused(`--${name} ${texts[name]}`) }
  const matching = <Standard>(name: Name, pattern: RegExp, standard: Standard) =>
    text(name) === undefined ? standard : pattern.test(text(name)!) ? Number(text(name)) : refuse(name)
  const texts = parsed(words, names, refused)
  return {
    text, refuse,
    oneOf: (name, among, standard) =>
      text(name) === undefined ? standard : among.find(word => word === text(name)) ?? refuse(name),
    whole: (name, standard) => matching(name, /^\d+$/, standard),
    decimal: (name, standard) => matching(name, /^\d*\.?\d+$/, standard),
  }
}

function parsed<Name extends string>(
  words: string[], names: readonly Name[], refused: (received: string) => LabError,
): Partial<Record<Name, string>> {
  try {
    const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
    return parseArgs({ args: words, options }).values as Partial<Record<Name, string>>
  } catch (fault) {
    throw refused((fault as Error).message)
  }
}
