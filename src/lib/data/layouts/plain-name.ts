/** Names of classes and patients that people take for one, and programs for two. */

/**
 * A name without what nobody sees or means: capitals, spaces at its ends, invisible signs, zeros before or after a
 * number. Spaces, hyphens and underscores between words count as equal.
 * @example plainName('Non_COVID ') === plainName('non-COVID')   // true
 */
export function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\p{Cf}/gu, '').trim()
    .replace(/(?<=\S)[\s_-]+(?=\S)/gu, ' ').replace(/(?<![\d.])0+(?=\d)/g, '').replace(/^(\d+)\.0*$/, '$1')
}

/** A name in quotes whose invisible signs can be seen: '"COVID\u200b"'. */
export function visibleName(name: string): string {
  return `"${name.replace(/[\p{Cc}\p{Cf}]|(?! )\s/gu, sign => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`)}"`
}
