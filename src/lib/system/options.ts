/** Checks of options at run time: TypeScript looks for unknown names in literals only, and not at all in scripts. */
import { LabError, nearest } from './errors'

/** Every option's name, none left out: the compiler compares them with the options' type. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true }

/**
 * Refuses options that a function does not know: a misspelt option would otherwise do nothing, without a word.
 * @param what whose options they are, as the user writes it, such as 'train' or 'optimizer'
 * @param options undefined where all may be left out; null is refused
 * @param names every option's name
 * @throws LabError 'bad-argument' naming the unknown option and the known one that is most like it, or where `options`
 *   are no object
 * @example requireKnownKeys('splitRandom', options, { validation: true, test: true, seed: true })
 */
export function requireKnownKeys<Options extends object>(
  what: string, options: Options | null | undefined, names: OptionNames<NoInfer<Options>>,
): void {
  if (options === undefined) return
  const known = Object.keys(names)
  if (options === null || typeof options !== 'object' || Array.isArray(options))
    throw new LabError('bad-argument', {
      expected: `the options of ${what} as an object`, received: describe(options),
      remedy: `Write { ${known.slice(0, 2).map(name => `${name}: …`).join(', ')} }; the options are ${known.join(', ')}`,
    })
  const unknown = Object.keys(options).find(key => !known.includes(key))
  if (unknown !== undefined)
    throw new LabError('bad-argument', {
      expected: `options that ${what} knows`, received: unknown,
      remedy: `${unknown}: did you mean ${mostAlike(unknown, known)}? The options are ${known.join(', ')}`,
    })
}

/** @throws LabError 'bad-argument' where an option that is given is neither true nor false */
export function requireBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  throw new LabError('bad-argument', {
    expected: `${name} to be true or false`, received: describe(value), remedy: 'Write true or false without quotes',
  })
}

/** A known name that is part of the unknown one, or the other way round; else the one with the fewest other letters. */
function mostAlike(unknown: string, known: readonly string[]): string {
  const small = unknown.toLowerCase()
  const spellings = new Map(known.map(name => [name.toLowerCase(), name]))
  const parts = [...spellings.keys()].filter(name => name.includes(small) || small.includes(name))
  const [best] = nearest(small, parts.length ? parts : spellings.keys(), 1)
  return spellings.get(best)!
}

function describe(value: unknown): string {
  if (value === null) return 'none'
  return typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `a list of ${value.length}` : String(value)
}
