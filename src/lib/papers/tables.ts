/** Papers as tables. */
import { dataTable, type Table } from '../display/tables'
import { printedMetrics } from '../evaluation/row-check/printed'
import type { Paper } from './paper'
import { checkPublished, type PublishedRow } from './published-row'

/** What stands where a paper says nothing, or nothing was read. */
const unknown = 'not known'

/**
 * Papers by id, with what they tested.
 * @example show(tables.papers(await papers.list()))
 */
export function papers(list: readonly Paper[]): Table {
  return dataTable('papers', 'Published studies', list.map(({ id, citation, studies, read }) => ({
    id, authors: citation.authors, year: citation.year === undefined ? unknown : `${citation.year}`, title: citation.title ?? unknown,
    doi: citation.doi ?? unknown,
    data: [...new Set(studies.map(({ data }) => data.title))].join('; '),
    rows: studies.reduce((sum, study) => sum + study.rows.length, 0), read,
  })), ['id', 'authors', 'year', { key: 'doi', title: 'DOI' }, 'title', 'data', 'rows',
    { key: 'read', title: 'read in' }])
}

/**
 * Published rows with the digits as printed, and whether each can be true.
 * @example show(tables.publishedRows(await papers.rows('he-2020')))
 */
export function publishedRows(rows: readonly PublishedRow[]): Table {
  const used = printedMetrics.filter(metric => rows.some(({ figures }) => figures[metric] !== undefined))
  return dataTable('published-rows', 'Published rows, digits as printed', rows.map(row => {
    const { verdict, recovered } = checkPublished(row)
    return {
      paper: row.citation, data: row.study.data.title, split: row.study.split.rule, method: row.method,
      ...Object.fromEntries(used.map(metric => [metric, figureOf(row, metric)])),
      images: row.testImages, status: row.status, verdict, matrix: recovered,
    }
  }), ['paper', 'data', 'split', 'method', ...used, { key: 'images', title: 'test images' }, 'status',
    { key: 'verdict', title: 'can it be true?' }, { key: 'matrix', title: 'recovered matrix' }],
  'A row that fits is possible; that does not make it true. Recovered matrices: truth in rows, the positive class first. A figure '
    + 'with an asterisk is known less surely than its row.')
}

/**
 * What a paper says of its protocols, one line a study; what is not known is said to be unknown.
 * @example show(tables.protocols(await papers.open('loey-2020')))
 */
export function protocols(paper: Paper): Table {
  return dataTable('protocols', `${paper.citation.authors}: protocol`, paper.studies.map(({ data, split, test, positive, protocol }) => ({
    data: data.title, split: split.rule, unit: split.unit ?? unknown,
    test: test?.counts ? Object.entries(test.counts).map(([label, images]) => `${images} ${label}`).join(', ')
      : test?.total ? `${test.total} images` : unknown,
    counts: test?.known ?? unknown, positive: positive ?? unknown, size: protocol.imageSize ? `${protocol.imageSize}` : unknown,
    preprocessing: protocol.preprocessing ?? unknown, network: protocol.network ?? unknown,
    frozen: protocol.frozenLayers ?? unknown, optimizer: protocol.optimizer ?? unknown,
    epochs: protocol.epochs ? `${protocol.epochs}` : unknown, augmentation: protocol.augmentation ?? unknown,
  })), ['data', 'split', { key: 'unit', title: 'dealt by' }, { key: 'test', title: 'test images' },
    { key: 'counts', title: 'test images are' }, 'positive', { key: 'size', title: 'image size' }, 'preprocessing', 'network',
    { key: 'frozen', title: 'frozen layers' }, 'optimizer', 'epochs', 'augmentation'], paper.note)
}

function figureOf({ figures, row }: PublishedRow, metric: (typeof printedMetrics)[number]): string | null {
  const print = figures[metric]
  return print === undefined ? null : row.statusOf?.[metric] === undefined ? print : `${print}*`
}
