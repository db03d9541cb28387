/** The papers in this project: `list`, `open` and `rows`. */
import { readdir } from 'node:fs/promises'
import { damagedFile, oneOf } from '../system/errors'
import { readJson } from '../system/json'
import { inProject } from '../system/project-root'
import { paperSchema, type Paper } from './paper'
import { rowsOf, type PublishedRow } from './published-row'

/**
 * All papers, by id.
 * @throws LabError 'damaged-file' naming the file and the field that is wrong
 * @example console.table((await papers.list()).map(paper => ({ id: paper.id, title: paper.citation.title })))
 */
export async function list(): Promise<Paper[]> {
  return Promise.all((await paperIds()).map(readPaper))
}

/**
 * One paper: citation, studies with data set, split and protocol, and the figures as printed.
 * @param id the file's name, such as 'soares-2020'
 * @throws LabError 'bad-argument' naming the paper that is most alike, 'damaged-file'
 * @example const soares = await papers.open('soares-2020')
 */
export async function open(id: string): Promise<Paper> {
  const ids = await paperIds()
  if (!ids.includes(id)) throw oneOf('paper', id, ids)
  return readPaper(id)
}

/**
 * All published rows, paper by paper, each with its data set, split and test images.
 * @param which ids of the papers; all unless named
 * @throws LabError 'bad-argument', 'damaged-file'
 * @example show(tables.publishedRows(await papers.rows('soares-2020', 'he-2020')))
 */
export async function rows(...which: readonly string[]): Promise<PublishedRow[]> {
  const chosen = which.length > 0 ? await Promise.all(which.map(open)) : await list()
  return chosen.flatMap(rowsOf)
}

function folder(): string {
  return inProject('src', 'lib', 'papers', 'records')
}

async function paperIds(): Promise<string[]> {
  return (await readdir(folder())).filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length)).sort()
}

async function readPaper(id: string): Promise<Paper> {
  const path = `${folder()}/${id}.json`
  const paper = await readJson(path, paperSchema)
  if (paper.id !== id) throw damagedFile(path, `the id is ${paper.id}`, 'Name the file after its id')
  return paper
}
