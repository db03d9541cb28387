/** What a notebook prints where a thing is a cell's last line: a few words in the place of hundreds of lines. */

/** The name by which Node's `inspect`, which prints values, finds a thing's own words. It needs no import of Node. */
const ownWords = Symbol.for('nodejs.util.inspect.custom')

/**
 * Gives a thing its words. The thing itself stays as it was: its copies, its JSON and comparisons do not see them. A
 * spread copy has none, and gets its own where it is made.
 * @param describe called when the thing is printed; one to five lines
 * @param shows code that shows the whole thing, where `x` stands for it
 */
export function withSummary<Thing extends object>(
  thing: Thing, describe: (thing: Thing) => string, shows: string,
): Thing {
  return Object.defineProperty(thing, ownWords, {
    value: () => `${describe(thing)}\n${shows} shows it.`, enumerable: false, configurable: true, writable: true,
  })
}

/** Three decimals, or – where there is no number. */
export function threeDecimals(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '–'
}

/** '1 image', '2 images', '1,213 images'. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
