/** The files of a set's source: those of a folder or a zip archive, and those of archives inside it. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { imageLimit } from '../../images/image-file'
import { archiveFiles, type SourceFile } from '../../system/archive'
import { LabError } from '../../system/errors'
import { readable, readFileCapped, remove, writeFileAtomic } from '../../system/files'
import { removeAbandoned } from '../../system/replace'
import { temporaryBeside } from '../../system/temporary-names'
import { dataFolder } from '../data-folder'
import { isLitter, isZipName } from '../layouts/file-kinds'
import { listFolder } from '../layouts/folder-listing'

/** Sets are larger than what the default limits allow. Only images and tables are unpacked. */
const limits = { entries: 2_000_000, entryBytes: 8 * 1024 ** 3, totalBytes: 1024 ** 4 }

/**
 * Lists the files of a folder or archive, one after another. Files that operating systems leave behind are left
 * out.
 * @param inner whether the files of a zip in it are listed as if the zip were a folder: 'Images/CT_COVID.zip' gives
 *   'Images/CT_COVID/one.png'
 * @throws LabError 'data-missing', 'bad-archive', 'too-large'
 */
export async function* sourceFiles(from: string, inner: boolean): AsyncGenerator<SourceFile> {
  const found = await readable(from, () => stat(from), `a folder or an archive ${from}`)
  const files = found.isDirectory() ? filesOfFolder(from) : archiveFiles(from, limits)
  for await (const file of files) {
    if (isLitter(file.name)) continue
    if (inner && isZipName(file.name)) yield* filesOfInnerArchive(file)
    else yield file
  }
}

/** A file of a folder also knows its path, so that an archive need not be copied. */
async function* filesOfFolder(folder: string): AsyncGenerator<SourceFile & { path: string }> {
  for (const name of (await listFolder(folder)).files) {
    const path = join(folder, name)
    yield { name, path, size: (await stat(path)).size, read: () => readFileCapped(path, imageLimit) }
  }
}

async function* filesOfInnerArchive(archive: SourceFile & { path?: string }): AsyncGenerator<SourceFile> {
  const around = archive.name.replace(/\.zip$/i, '')
  const own = around.slice(around.lastIndexOf('/') + 1)
  const copy = archive.path ? null : temporaryBeside(dataFolder('inner.zip'))
  // Of interrupted processes, half-written ones too: their copies have other names than this one.
  if (copy) await removeAbandoned(dataFolder(), name => /^\.?inner\.zip/.test(name)).catch(() => {})
  try {
    if (copy) await writeFileAtomic(copy, archive.pieces?.() ?? await archive.read())
    for await (const file of archiveFiles(archive.path ?? copy!, limits)) {
      if (isLitter(file.name)) continue
      // Many archives hold one folder of their own name.
      const inside = file.name.startsWith(`${own}/`) ? file.name.slice(own.length + 1) : file.name
      yield { ...file, name: `${around}/${inside}` }
    }
  } catch (error) {
    // Nobody knows the copy's name.
    throw copy && error instanceof LabError
      ? new LabError(error.code, { ...error, expected: error.expected.replaceAll(copy, archive.name) }) : error
  } finally {
    if (copy) await remove(copy).catch(() => {})
  }
}
