/** What a folder holds, in a few words, for errors and notices. */
import { groups, rollups } from 'd3-array'
import { counted } from '../../system/summary'
import { endingOf } from './file-kinds'

/** Folders and names that are written out; the others are counted. */
const listedFirst = 6

/** 'COVID: 2 images, and 5 in 1 subfolder (more); normal: 6 images' */
export function describeContents(names: readonly string[]): string {
  if (names.length === 0) return 'no images'
  const split = names.map(name => name.split('/'))
  const roots = split.filter(path => path.length === 1).length
  const tops = groups(split.filter(path => path.length > 1), path => path[0]).map(([top, paths]) => {
    const direct = paths.filter(path => path.length === 2).length
    const deeper = paths.filter(path => path.length > 2)
    const folders = [...new Set(deeper.map(path => path[1]))]
    const inside = `${deeper.length} in ${counted(folders.length, 'subfolder')} (${fewNames(folders)})`
    return `${top}: ${[...direct ? [counted(direct, 'image')] : [], ...deeper.length ? [inside] : []].join(', and ')}`
  })
  const more = tops.length > listedFirst ? `; ${tops.length - listedFirst} more folders` : ''
  return [...roots ? [`${counted(roots, 'image')} in no subfolder`] : [], ...tops.slice(0, listedFirst)].join('; ') + more
}

/** Counts files by ending: '4 .dcm, 1 .txt'. */
export function countByEnding(names: readonly string[]): string {
  return rollups(names, list => list.length, name => endingOf(name) || 'without an ending')
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([ending, number]) => `${number} ${ending}`).join(', ')
}

/** The first names, and how many more there are. */
export function fewNames(names: readonly string[]): string {
  const more = names.length > listedFirst ? ` and ${names.length - listedFirst} more` : ''
  return names.slice(0, listedFirst).join(', ') + more
}
