/** Cells of a table in a text file or a spreadsheet (Office Open XML, ECMA-376 part 1, sections 18.3 and 18.4). */
import { remove, writeFileAtomic } from '../../system/files'
import { archiveFiles } from '../../system/archive'
import { damagedFile } from '../../system/errors'
import { temporaryBeside } from '../../system/replace'
import { parseTable } from '../tables/text-table'
import { dataFolder } from '../data-folder'

/** Rows of the first sheet, or of a CSV file; empty cells are ''. @throws LabError 'damaged-file', 'bad-argument' */
export async function readCells(bytes: Uint8Array, file: string): Promise<string[][]> {
  if (!/\.xlsx$/i.test(file)) {
    const { header, rows } = parseTable(bytes, file)
    return [header, ...rows].map(row => row.cells)
  }
  const path = temporaryBeside(dataFolder('sheet.xlsx'))
  try {
    await writeFileAtomic(path, bytes)
    let shared: string[] = [], sheet: string | null = null
    for await (const part of archiveFiles(path)) {
      if (part.name === 'xl/sharedStrings.xml') shared = sharedStrings(await text(part))
      else if (part.name === 'xl/worksheets/sheet1.xml') sheet = await text(part)
    }
    if (sheet === null) throw damagedFile(file, 'no sheet1 in it', 'Get the file again')
    return sheetRows(sheet, shared)
  } finally {
    await remove(path)
  }
}

async function text(part: { read(): Promise<Uint8Array> }): Promise<string> {
  return Buffer.from(await part.read()).toString('utf8')
}

/** Each text may be cut into runs of different fonts; hints on pronunciation (rPh) are not part of it. */
function sharedStrings(xml: string): string[] {
  return [...xml.matchAll(/<si>([\s\S]*?)<\/si>|<si\/>/g)].map(([, item = '']) => runs(item))
}

function runs(xml: string): string {
  const plain = xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, '')
  return [...plain.matchAll(/<t\b[^>]*>([\s\S]*?)<\/t>/g)].map(([, content]) => unescapeXml(content)).join('')
}

function sheetRows(xml: string, shared: readonly string[]): string[][] {
  return [...xml.matchAll(/<row\b[^>]*?(?:\/>|>([\s\S]*?)<\/row>)/g)].map(([, row = '']) => {
    const cells: string[] = []
    for (const [, attributes, content = ''] of row.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const column = columnIndex(/\br="([A-Z]+)\d+"/.exec(attributes)?.[1] ?? '') ?? cells.length
      const type = /\bt="(\w+)"/.exec(attributes)?.[1]
      const value = /<v>([\s\S]*?)<\/v>/.exec(content)?.[1]
      cells[column] = type === 's' ? shared[Number(value)] ?? '' : type === 'inlineStr' ? runs(content) : unescapeXml(value ?? '')
    }
    return Array.from(cells, cell => cell ?? '')
  })
}

/** 'A' is 0, 'AA' 26. */
function columnIndex(letters: string): number | null {
  return letters === '' ? null : [...letters].reduce((index, letter) => 26 * index + letter.charCodeAt(0) - 64, 0) - 1
}

function unescapeXml(escaped: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return escaped.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16))
      : decimal ? String.fromCodePoint(Number(decimal)) : named[name] ?? all)
}
