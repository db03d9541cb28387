/** A public data set: what its makers say about it, and how the paths of its files are read. */
import type { Modality, Role } from '../dataset'

/** One image of a set, by its path in the folder or archive. */
export interface FoundImage {
  /** Path in the source. */
  file: string
  /** The item's name: mostly the path without the folders around the set. Unique within the set. */
  name: string
  /** One of the set's labels. */
  label: string
  group: string | null
  part?: Role
  /** Path in the source of the image's mask. */
  mask?: string
}

/** What a set's rule has found. */
export interface Found {
  images: FoundImage[]
  /** Sentences about this copy: what is missing from it, and what was left out. */
  notes: string[]
}

/** Reads a table or list of the source. */
export type ReadText = (file: string) => Promise<Uint8Array>

export interface PublishedSet {
  name: string
  title: string
  modality: Modality
  labels: readonly string[]
  positive: string
  licence: string
  /** Where the set can be had. */
  source: string
  /** Sentences shown wherever the set appears: what it shows, and its known faults. */
  notice: string
  /** What the layout is expected to be, for the error where no image was recognized. */
  layout: string
  /** How many images its makers name. */
  published?: number
  /** Whether a file is a table or list that `find` reads. */
  isTable?(file: string): boolean
  /** @param files paths of all files, sorted */
  find(files: readonly string[], read: ReadText): Promise<Found> | Found
  /** The path of the set's archive on Kaggle's public download address; absent where no address is known. */
  kaggle?: { path: string; limit: number }
}

/** Keeps the first of the images that have one name, and says how many were left out. */
export function withoutCopies(images: readonly FoundImage[]): Found {
  const first = new Map<string, FoundImage>()
  for (const image of images) if (!first.has(image.name)) first.set(image.name, image)
  const copies = images.filter(image => first.get(image.name) !== image).map(image => image.file)
  return {
    images: [...first.values()],
    notes: countNote('Files left out, because they are there a second time under the same name', copies),
  }
}

/** The last part of a path. */
export function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

/**
 * A sentence that counts images and names the first; none where there are none.
 * @example countNote('Images without a mask', names)   // 'Images without a mask: 2, the first COVID-1.png.'
 */
export function countNote(what: string, names: readonly string[]): string[] {
  return names.length ? [`${what}: ${names.length}, the first ${names[0]}.`] : []
}
