/** Files that are made by hand to harm, one for each idea. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { examineFiles } from '../../../../src/lib/data/examine-task'
import { LabError } from '../../../../src/lib/system/errors'
import { readImageFile } from '../../../../src/lib/images/image-file'

/** A file made to harm. */
export interface Crafted {
  name: string
  /** Writes it, and what belongs to it, into an empty folder. */
  write(folder: string): void | Promise<void>
  /** Reads it as the project does. It must end in a typed error, unless `mayBeRead`. */
  read(folder: string): Promise<unknown>
  mayBeRead?: true
}

/** A single file. */
export function oneFile(
  name: string, file: string, make: () => Uint8Array | string, read: (path: string) => Promise<unknown>,
  more: Pick<Crafted, 'mayBeRead'> = {},
): Crafted {
  return {
    name, ...more,
    write(folder) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), make())
    },
    read: folder => read(join(folder, file)),
  }
}

/** An image, read by itself, or looked into as one of a set's. */
export function imageFile(
  name: string, file: string, make: () => Uint8Array, { folder = false }: { folder?: boolean } = {},
): Crafted {
  return oneFile(name, file, make, async path => {
    if (!folder) return readImageFile(path)
    const [finding] = await examineFiles([path])
    if (!('fault' in finding)) return finding
    throw new LabError('bad-image', { expected: 'an image', received: finding.fault, remedy: 'None' })
  })
}
