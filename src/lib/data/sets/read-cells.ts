/** Cells of a table in a text file or a spreadsheet. */
import { remove, writeFileAtomic } from '../../system/files'
import { archiveFiles } from '../../system/archive'
import { damagedFile } from '../../system/errors'
import { temporaryBeside } from '../../system/temporary-names'
import { tableRecords } from '../tables/text-table'
import { dataFolder } from '../data-folder'
import { sheetRows } from './spreadsheet'

/** A sheet is text, which shrinks to a tenth. */
const sheetLimits = { entryBytes: 32 * 1024 ** 2, totalBytes: 64 * 1024 ** 2, ratio: 100 }

/** Rows of the first sheet, or of a CSV file; empty cells are ''. @throws LabError 'damaged-file', 'bad-argument' */
export async function readCells(bytes: Uint8Array, file: string): Promise<string[][]> {
  if (!/\.xlsx$/i.test(file)) return Array.from(tableRecords(bytes, file), ({ cells }) => cells)
  const path = temporaryBeside(dataFolder('sheet.xlsx'))
  try {
    await writeFileAtomic(path, bytes)
    let strings = '', sheet: string | null = null
    for await (const part of archiveFiles(path, sheetLimits)) {
      if (part.name === 'xl/sharedStrings.xml') strings = await text(part)
      else if (part.name === 'xl/worksheets/sheet1.xml') sheet = await text(part)
    }
    if (sheet === null) throw damagedFile(file, 'no sheet1 in it', 'Get the file again')
    return sheetRows(sheet, strings, file)
  } finally {
    await remove(path)
  }
}

async function text(part: { read(): Promise<Uint8Array> }): Promise<string> {
  return Buffer.from(await part.read()).toString('utf8')
}
