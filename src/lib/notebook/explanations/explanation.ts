/** What explanations share: sentences that depend on the data set, so that none is false about it. */
import type { Dataset, Modality } from '../../data/dataset'
import { listed as inSentence } from '../../display/letters'

/** Markdown about a data set. */
export type Explanation = (data: Dataset) => string

/**
 * The text for the set's modality.
 * @example byModality(data, { CT: 'slices', 'X-ray': 'radiographs', unknown: 'images' })
 */
export function byModality(data: Dataset, texts: Record<Modality, string>): string {
  return texts[data.modality]
}

/** A text about one named set and about no other: empty for any other set. */
export function onlyFor(data: Dataset, name: string, text: string): string {
  return data.name === name ? text : ''
}

/** Paragraphs, without the empty ones. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(text => text.replace(/\s+/g, ' ').trim()).filter(Boolean).join('\n\n')
}

/** A name from a data set (a title, a class) within Markdown, with each letter as it is. */
export function literally(name: string): string {
  return name.replace(/[\\`*[\]<>&$]/g, '\\$&')
}

/** Names in a sentence, at most eight of them: 'A, B and C'. */
export function listed(names: readonly string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names
  return inSentence(shown)
}
