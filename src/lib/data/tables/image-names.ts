/** Finding the image that a table names. */

/**
 * Makes a function that finds images by the names in a table. A name may be the image's name in its folder, or its last
 * part, with or without the ending, where only one image has it. Composed and decomposed letters count as equal, and so
 * do slashes and backslashes.
 * @param names the folder's images, such as 'COVID/one.png'
 * @returns the image's name; null where there is none; several where the name is not enough to tell them apart
 */
export function imageFinder(names: readonly string[]): (text: string) => string | string[] | null {
  const known = new Set(names)
  const byName = collect(names, plain)
  const byFile = collect(names, name => plain(lastPart(name)))
  const byStem = collect(names, name => withoutEnding(plain(lastPart(name))))
  return text => {
    if (known.has(text)) return text
    const normalized = plain(text)
    const found = byName.get(normalized) ?? (normalized.includes('/') ? null : byFile.get(normalized) ?? byStem.get(normalized)) ?? null
    return found?.length === 1 ? found[0] : found
  }
}

function collect(names: readonly string[], keyOf: (name: string) => string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const name of names) {
    const key = keyOf(name)
    const list = found.get(key)
    if (list) list.push(name)
    else found.set(key, [name])
  }
  return found
}

function plain(name: string): string {
  return name.normalize('NFC').replaceAll('\\', '/').replace(/^\.\//, '')
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function withoutEnding(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
