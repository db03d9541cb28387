/** Whether two lists hold the same texts in order. Joined lists would not tell: a text may hold the separator. */
export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}
