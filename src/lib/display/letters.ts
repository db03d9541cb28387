/** Text as people see it: its letters, how much room they take, and how long text is wrapped or shortened. */

/** How much room a text takes, in the unit of the room there is. */
export type Measure = (text: string) => number

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Chinese, Japanese and Korean letters and emoji are about twice as wide as Latin letters. */
const wide = new RegExp('\\p{Emoji_Presentation}|\\ufe0f|[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff'
  + '\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3fffd}]', 'u')

/** A text's letters; a letter with its accents, or an emoji of several parts, counts as one. */
export function lettersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** The columns that a text takes in a terminal: two for each wide letter, one for each other letter. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e\u00a0-\u02ff\u2013-\u2026]*$/.test(text)) return text.length
  return lettersOf(text).reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0)
}

/**
 * A text in lines that fit. Lines break at blanks; a word longer than a line breaks behind a mark such as _ or /, where
 * one stands in the second half of the line, and between two letters where none does.
 */
export function wrapText(content: string, room: number, measure: Measure = columnsOf): string[] {
  const lines: string[] = []
  for (const word of content.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && measure(`${last} ${word}`) <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(...piecesOf(word, room, measure))
  }
  return lines
}

/** A text in at most `most` lines: a text that is too long loses its middle. */
export function wrapToLines(content: string, room: number, most: number, measure: Measure = columnsOf): string[] {
  let lines = wrapText(content, room, measure)
  for (let left = room * most; lines.length > most; left -= room / 4)
    lines = wrapText(shortenText(content, left, measure), room, measure)
  return lines
}

/** A text that is too long, with … in the place of its middle: names differ at their start or at their end. */
export function shortenText(content: string, room: number, measure: Measure = columnsOf): string {
  if (measure(content) <= room) return content
  const letters = lettersOf(content)
  const withLetters = (count: number) =>
    [...letters.slice(0, Math.ceil(count / 2)), '…', ...letters.slice(letters.length - Math.floor(count / 2))].join('')
  let fits = 0, tooMany = letters.length
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2)
    if (measure(withLetters(count)) <= room) fits = count
    else tooMany = count
  }
  return withLetters(fits)
}

/** Names in a sentence: 'a', 'a and b', 'a, b and c'. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function piecesOf(word: string, room: number, measure: Measure): string[] {
  const pieces: string[] = []
  let rest = word
  while (measure(rest) > room) {
    const letters = lettersOf(rest)
    let count = 1
    while (count < letters.length && measure(letters.slice(0, count + 1).join('')) <= room) count++
    if (count === letters.length || letters.length === 1) break
    const seam = count - letters.slice(0, count).reverse().findIndex(letter => /[-_/.,;:+)]/.test(letter))
    const cut = seam > count / 2 && seam <= count ? seam : count
    pieces.push(letters.slice(0, cut).join(''))
    rest = letters.slice(cut).join('')
  }
  return [...pieces, rest]
}
