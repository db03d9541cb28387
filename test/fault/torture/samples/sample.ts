/** Whole files that are damaged, and how each is read. */

/** A kind of file. */
export interface Sample {
  /** The file that is damaged, within its folder. */
  file: string
  /** Reads the damaged file as the project does. @param folder a copy of the file's folder */
  read(folder: string): Promise<unknown>
  /** Puts the right checksum into the damaged file, so that more than the checksum is tried. */
  seal?(folder: string): Promise<void> | void
}

/** Makes a whole file, and what belongs to it, in an empty folder. */
export type MakeSample = (folder: string) => Promise<Sample>
