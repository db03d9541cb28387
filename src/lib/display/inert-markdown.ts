/** Markdown from elsewhere: a model's card, or sentences with a data set's words in them. */

/** Schemes whose links run a script, as Markdown reads them: a backslash may stand before the colon. */
const scripts = /(javascript|vbscript)(?=\\?:)/gi

/**
 * Markdown that renders as words, headings, lists, tables and links, and never as HTML, pictures or scripts: the page
 * of a notebook renders HTML in Markdown as it is. Characters without width part what would be a tag or an entity.
 */
export function inertMarkdown(markdown: string): string {
  const apart = '\u200b'
  return markdown.replaceAll('<', `<${apart}`).replace(/&(?=#?\w+;)/g, `&${apart}`).replace(scripts, `$1${apart}`)
    .replace(/!(?=\[)/g, `!${apart}`)
}
