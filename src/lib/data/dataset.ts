/** The one form of every data set, wherever its images come from. */
import type { Fit } from '../images/fit'
import type { Image } from '../images/image'
import type { PixelWindow } from '../images/pixel-window'

export type Role = 'train' | 'validation' | 'test'

/** One image of a set. */
export interface Item {
  /** Unique within the set; stable across machines, such as 'COVID/Covid (12).png'. */
  name: string
  /** Index into the set's labels. */
  label: number
  /** A split by group keeps all images of one group in one part. Null where no group is known. */
  group: string | null
  /** The part that the set's authors assigned, where they assigned one. */
  part?: Role
}

/** The meaning of a group: a patient, or a block of file numbers that stands in for patients; 'none' without groups. */
export type Grouping = 'patient' | 'number block' | 'none'

/** What took a set's images; 'unknown' where nobody has said. */
export type Modality = 'CT' | 'X-ray' | 'unknown'

/** A set of labelled images: plain data, and a function that reads one image. */
export interface Dataset {
  /** 'sars-cov-2-ct', 'phantom', the name of a set kept by npm run data, or 'folder:NAME-HASH'. */
  name: string
  title: string
  /** Class names, such as ['COVID', 'non-COVID']. */
  labels: readonly string[]
  /** The class that a test looks for, such as 'COVID'; absent where nobody has named it. */
  positive?: string
  /** Sorted by name, whatever the order of the files on disk. */
  items: readonly Item[]
  grouping: Grouping
  /** Words and defaults that hold for one modality only ask for it. */
  modality: Modality
  /**
   * 'phantom' images are drawn by code; 'planted' ones are real images with faults planted on purpose. Neither are ever
   * evidence about disease.
   */
  evidence: 'real' | 'phantom' | 'planted'
  /** One sentence shown wherever the set appears. */
  notice: string
  licence: string
  source: string
  /** SHA-256 (hexadecimal) of everything that decides the set's content: names caches, and is saved with runs. */
  contentHash: string
  /**
   * Pairs of item indices whose images correlate at 0.9 or more at 64 × 64 pixels; where these were not searched, pairs
   * of files with the same bytes only.
   */
  nearDuplicates: readonly (readonly [number, number])[]
  /** False where near-duplicates were not searched; absent where they were, or where images are drawn by code. */
  nearDuplicatesSearched?: false
  /** How the files' values become grey levels, decided once for the whole set; absent where all files are 8-bit. */
  window?: PixelWindow
  /** How images become squares where they are resized. Default 'squash'. `withFit` chooses another. */
  fit?: Fit
  /** Files that were left out because they cannot be read, and why; absent where none were. */
  skipped?: readonly SkippedFile[]
  /** Reads one image at full resolution, grey (1 channel). */
  read(index: number): Promise<Image>
  /** The path of an image's file; absent where images are drawn by code. */
  file?(index: number): string
  /** The SHA-256 of an image's file, of the whole volume for a slice: reading another one is refused. */
  fileHash?(index: number): string
  /** The channels in an image's file (4: color and alpha); absent where images are drawn by code. */
  storedChannels?(index: number): Promise<number>
  /**
   * The mask of an image: 255 inside, 0 elsewhere; of the image's size, one channel. In phantoms it marks the lesions,
   * in data sets whose source has masks the lungs. Absent where there are none.
   */
  mask?(index: number): Promise<Image>
}

/** A file that was left out. */
export interface SkippedFile {
  name: string
  /** Such as 'an empty file'. */
  reason: string
}

/** What is needed to read a set's images, whether or not their groups are known. */
export type ImageSource = Pick<Dataset, 'name' | 'items' | 'contentHash' | 'read' | 'file' | 'fileHash' | 'window' | 'fit'>

/** Called during long work: the stage, and how much of how much is done (null where unknown). */
export type Progress = (stage: string, done: number, total: number | null) => void

/** An entry of the registry: how to get a set's images, and how to open it. */
export interface DataSource {
  name: string
  title: string
  /** Whether the set can be opened now; if not, `detail` names the command that gets it. */
  state(): Promise<{ ready: boolean; detail: string }>
  /** @throws LabError 'data-missing' with the command that gets the set */
  open(onProgress?: Progress): Promise<Dataset>
  /**
   * Imports the images from a zip or folder; null downloads them from the set's address. Absent where a set needs no
   * import.
   * @param skipDamaged whether files that cannot be read are left out: see `canSkipDamaged`. Default false
   */
  obtain?(from: string | null, onProgress?: Progress, skipDamaged?: boolean): Promise<void>
  /** Whether files that cannot be read may be left out; absent where each file is known by its checksum. */
  canSkipDamaged?: true
}
