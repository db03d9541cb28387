/** Markup written as templates that escape by themselves. */

/** Markup that is safe to put into a page without escaping. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup
  }
}

/** What a template takes: words and numbers are escaped, markup and lists are not; null and false are left out. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[]

/**
 * A template for HTML and SVG. Text in it is escaped for use between tags and in quoted attributes.
 * @example html`<p title="${title}">${words}</p>`
 */
export function html(pieces: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(pieces.map((piece, i) => piece + (i < parts.length ? markupOf(parts[i]) : '')).join(''))
}

/** Marks text as markup: for what was made by a program that escapes, such as a figure's SVG. */
export function trustedHtml(markup: string): Html {
  return new Html(markup)
}

/** Control characters and halves of letters: file names may hold them, XML may not. */
const forbidden = /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/gu

/** Markup or text with \ufffd for each character that XML forbids: one alone, and an SVG file cannot be shown. */
export function withoutForbidden(text: string): string {
  return text.replace(forbidden, '\ufffd')
}

/** Text made safe between tags and in quoted attributes, of HTML and of SVG; \ufffd stands for what XML forbids. */
export function escapeHtml(text: string): string {
  return withoutForbidden(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function markupOf(part: HtmlPart): string {
  if (part instanceof Html) return part.toString()
  if (part === null || part === undefined || part === false) return ''
  return typeof part === 'object' ? part.map(markupOf).join('') : escapeHtml(String(part))
}
