/** From the files of a folder or archive to classes, items, groups and parts. */
import { group } from 'd3-array'
import { LabError, oneOf } from '../../system/errors'
import type { Grouping, Item } from '../dataset'
import type { ColumnNames } from '../tables/columns'
import { readImageTable, type ImageTable } from '../tables/image-table'
import { countByEnding, describeContents, fewNames } from './contents'
import { imageEndings, isTableName, isZipName } from './file-kinds'
import type { Listing } from './folder-listing'
import { groupReader } from './group-pattern'
import { factsOfPath, parseLayout, type Levels, type PathFacts } from './layout'
import { groupNotes, leftOutNotes, maskNotes, tableNotes } from './notes'
import { plainName, visibleName } from './plain-name'
import { recognizeLayout } from './recognize'

/** The table beside class folders, in any capitals. */
const groupsFile = /^groups\.(csv|tsv)$/i

/** How the files of a folder are understood. Everything left out is recognized. */
export interface LayoutOptions {
  /** Such as 'class/patient/image' or 'part/class/image': see `parseLayout`. */
  layout?: string
  /** A regular expression that finds the group in a file name, such as 'person(\\d+)_'. */
  groupPattern?: string
  /** The table that names the classes of a folder without class folders: its path in the folder. */
  table?: string
  /** Names of the table's columns. */
  columns?: ColumnNames
  /** The class that tests look for. */
  positive?: string
}

/** A folder's images, understood. */
export interface Arrangement {
  /** 'class/image', say, or 'table' where a table names the classes. */
  layout: string
  labels: string[]
  /** Sorted by name. */
  items: Item[]
  grouping: Grouping
  positive?: string
  /** Sentences about what was left out, and what is to be known. */
  notes: string[]
}

/**
 * Understands the files of a folder or archive.
 * @param folder what it is called in errors
 * @param readTable reads a table in it
 * @throws LabError 'bad-argument' for fewer than two classes, a class without images, a layout that is not recognized,
 *   or a wrong line of a table
 */
export async function arrange(
  folder: string, listing: Listing, readTable: (name: string) => Promise<Uint8Array>, options: LayoutOptions = {},
): Promise<Arrangement> {
  const names = listing.images
  const levels = options.layout ? parseLayout(options.layout) : options.table ? null : recognizeLayout(folder, names)
  const table = await readTableOf(folder, listing, names, levels, readTable, options)
  const facts = names.map((name): PathFacts | null =>
    (levels ? factsOfPath(levels, name) : { label: table!.content.rows.get(name)!.label, group: null }))
  const included = names.filter((_, i) => facts[i])
  const labelOf = new Map(names.map((name, i) => [name, facts[i]?.label ?? '']))
  const labels = [...new Set(facts.flatMap(fact => fact?.label ?? []))].sort()
  if (levels && !options.layout) refuseEmptyClasses(folder, listing, levels)
  checkLabels(folder, labels, listing)

  const groupOf = options.groupPattern === undefined ? () => null : groupReader(options.groupPattern)
  const items = names.flatMap((name, i): Item[] => {
    const fact = facts[i]
    if (!fact) return []
    const row = table?.content.rows.get(name)
    const part = row?.part ?? fact.part
    if (row?.part && fact.part && row.part !== fact.part)
      throw new LabError('bad-argument', {
        expected: `${name} in one part`, received: `${fact.part} by its folder, ${row.part} by ${table!.name}`,
        remedy: 'Correct the table, or move the image',
      })
    const group = row?.group ?? groupOf(name) ?? fact.group
    return [{ name, label: labels.indexOf(fact.label), group, ...(part ? { part } : {}) }]
  })
  if (options.groupPattern !== undefined && !included.some(groupOf))
    throw new LabError('bad-argument', {
      expected: `groupPattern ${options.groupPattern} to match file names`, received: `none of ${included.length}, first ${included[0]}`,
      remedy: 'Correct the pattern',
    })
  const positive = options.positive?.normalize('NFC') ?? table?.content.positive
  if (positive !== undefined && !labels.includes(positive)) throw oneOf('positive', positive, labels)
  const grouping = items.some(item => item.group !== null) ? 'patient' : 'none'
  const { items: parted, notes: partNotes } = withoutSinglePart(items)
  return {
    layout: options.layout ?? (levels ? [...levels, 'image'].join('/') : 'table'), labels, items: parted, grouping,
    ...(positive === undefined ? {} : { positive }),
    notes: [
      ...leftOutNotes(listing, names, new Set(included), table?.name),
      ...(table ? tableNotes(table.name, table.content, image => labelOf.get(image)!) : []),
      ...maskNotes(included), ...partNotes, ...groupNotes(items),
    ],
  }
}

/** One part for all images splits nothing: such a folder lies around the classes only. */
function withoutSinglePart(items: readonly Item[]): { items: Item[]; notes: string[] } {
  const [part] = new Set(items.map(item => item.part))
  if (!part || items.some(item => item.part !== part)) return { items: [...items], notes: [] }
  return {
    items: items.map(({ part: _, ...item }) => item),
    notes: [`All images are named as ${part}: the set has no given parts.`],
  }
}

interface NamedTable { name: string; content: ImageTable }

/** groups.csv beside class folders; the table of classes where there are none. */
async function readTableOf(
  folder: string, { files }: Listing, names: readonly string[], levels: Levels | null,
  readTable: (name: string) => Promise<Uint8Array>, { table, columns }: LayoutOptions,
): Promise<NamedTable | null> {
  const candidates = files.filter(file => isTableName(file) && !file.includes('/'))
  const [beside = null, ...others] = files.filter(file => groupsFile.test(file))
  if (levels && others.length > 0 && table === undefined)
    throw new LabError('bad-argument', {
      expected: 'one table of groups', received: fewNames([beside!, ...others]), remedy: 'Remove all but one of them',
    })
  const name = table ?? (levels ? beside : candidates.length === 1 ? candidates[0] : undefined)
  if (name === null) return null
  if (name === undefined) {
    if (names.length === 0)
      throw new LabError('bad-argument', {
        expected: `${folder} to hold one subfolder a class, two or more`, received: describeFiles(files),
        remedy: files.some(isZipName) ? `Unpack the zips, or keep their images by a name: npm run data -- NAME --from ${folder}`
          : 'Sort the images into subfolders named after their classes',
      })
    throw new LabError('bad-argument', {
      expected: `${folder} to hold one subfolder a class, two or more, or one table (.csv) that names each image’s class`,
      received: `${describeContents(names)}; ${candidates.length ? `tables ${fewNames(candidates)}` : 'no table'}`,
      remedy: 'Sort the images into subfolders named after their classes, or name the table: npm run data -- NAME --from TABLE.csv',
    })
  }
  const fitting = levels ? names.filter(image => factsOfPath(levels, image)) : names
  return { name, content: readImageTable(await readTable(name), name, fitting, { columns, needsLabels: !levels }) }
}

/** Every folder where a class is expected has to hold images. */
function refuseEmptyClasses(folder: string, { files, images, folders }: Listing, levels: Levels): void {
  const depth = levels.indexOf('class') + 1
  for (const name of folders.filter(path => path.split('/').length === depth)) {
    const inside = files.filter(file => file.startsWith(`${name}/`))
    if (!images.some(file => file.startsWith(`${name}/`)))
      throw new LabError('bad-argument', {
        expected: `images in ${folder}/${name}`, received: inside.length ? describeFiles(inside) : 'none',
        remedy: `Add files ending in ${imageEndings.join(', ')}, or remove the subfolder`,
      })
  }
}

function checkLabels(folder: string, labels: readonly string[], { files, folders }: Listing): void {
  if (labels.length < 2) {
    const inside = folders.filter(name => name.startsWith(`${labels[0]}/`) && name.split('/').length === 2)
      .map(name => name.slice(labels[0].length + 1))
    throw new LabError('bad-argument', {
      expected: `${folder} to hold one subfolder a class, two or more`,
      received: !labels.length ? describeFiles(files)
        : `only ${labels[0]}${inside.length ? `, with the subfolders ${fewNames(inside)}` : ''}`,
      remedy: inside.length ? `If these are the classes, name the folder ${folder}/${labels[0]}` : 'Sort the images into subfolders named after their classes',
    })
  }
  const unseen = labels.find(label => /\p{Cc}/u.test(label))
  if (unseen !== undefined)
    throw new LabError('bad-argument', {
      expected: 'classes whose names are one line each', received: visibleName(unseen), remedy: 'Correct the name',
    })
  const [same] = [...group(labels, plainName).values()].filter(names => names.length > 1)
  if (same)
    throw new LabError('bad-argument', {
      expected: 'classes whose names differ in more than capitals, spaces, hyphens and zeros',
      received: same.map(visibleName).join(' and '), remedy: 'Give one class one name',
    })
}

function describeFiles(files: readonly string[]): string {
  return files.length ? `no images, but ${countByEnding(files)}` : 'none'
}
