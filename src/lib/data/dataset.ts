/** What every data set is, wherever its images come from. */
import type { Image } from '../images/image'

export type Role = 'train' | 'validation' | 'test'

/** One image of a set. */
export interface Item {
  /** Unique within the set; stable across machines, such as 'COVID/Covid (12).png'. */
  name: string
  /** Index into the set's labels. */
  label: number
  /** Images of one group must not be parted by a group split; null where nothing is known. */
  group: string | null
  /** The part the set's makers gave it, where they gave one. */
  part?: Role
}

/** What a group is: a patient, a block of file numbers that stands in for patients, or nothing. */
export type Grouping = 'patient' | 'number block' | 'none'

/** A set of labelled images. Plain data, but for `read`, which fetches one image. */
export interface Dataset {
  /** 'sars-cov-2-ct', 'phantom' or 'folder:NAME'. */
  name: string
  title: string
  /** Class names, such as ['COVID', 'non-COVID']. */
  labels: readonly string[]
  /** Sorted by name, so independent of the order in which files were found. */
  items: readonly Item[]
  grouping: Grouping
  /** 'phantom' images are drawn by code and are never evidence about disease. */
  evidence: 'real' | 'phantom'
  /** One sentence shown wherever the set appears. */
  notice: string
  licence: string
  source: string
  /** SHA-256 (hexadecimal) over what makes the set: for caches and run records. */
  contentHash: string
  /** Pairs of item indices whose 64×64 thumbnails correlate at .90 or more; empty if not searched. */
  nearDuplicates: readonly (readonly [number, number])[]
  /** One full-resolution image, grey (channels 1). */
  read(index: number): Promise<Image>
  /** Path of the image's file; absent where images are drawn by code. */
  file?(index: number): string
  /** Channels as the image's file stores them (4: colour and alpha); absent where there are no files. */
  storedChannels?(index: number): Promise<number>
}

/** Called as long work goes on: what is being done, how much of how much (null where unknown). */
export type Progress = (stage: string, done: number, total: number | null) => void

/** Where a data set comes from: what the registry lists and opens. */
export interface DataSource {
  name: string
  title: string
  /** Whether it can be opened now, and the command that mends it if not. */
  state(): Promise<{ ready: boolean; detail: string }>
  /** @throws data-missing with the command that gets the set */
  open(onProgress?: Progress): Promise<Dataset>
  /** Gets the images: from a zip or folder, or else from the set's own address; absent if nothing is needed. */
  obtain?(from: string | null, onProgress?: Progress): Promise<void>
}
