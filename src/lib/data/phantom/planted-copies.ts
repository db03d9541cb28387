/** Patients who come a second time under another name. */
import { range } from 'd3-array'
import { stream } from '../../system/random'
import type { Dataset, Item } from '../dataset'
import { choosePatients } from './planted-patients'
import { drawCopyChange, type CopyChange } from './planted-pixels'

/** A set with its copies. */
export interface Copies {
  /** Items of both, sorted by name; a copy is read as its original is. */
  set: Dataset
  /** An item and its copy. */
  pairs: readonly (readonly [number, number])[]
  /** What happens to the pixels of each copy, by item. */
  changes: ReadonlyMap<number, CopyChange>
}

/**
 * Adds copies of a share of the patients (of the images, where no groups are known). Where the set's authors assigned
 * parts, a copied patient comes into the part of an image chosen at random.
 */
export function addCopies(dataset: Dataset, share: number, seed: number): Copies {
  if (share === 0) return { set: dataset, pairs: [], changes: new Map() }
  const { items } = dataset
  const chosen = choosePatients(dataset, range(items.length), share, stream('planted copies', seed))
  const names = freeNames(items)
  const copies = chosen.sort(([a], [b]) => a - b).flatMap(images => {
    const random = stream('planted copy', seed, images[0]), change = drawCopyChange(random)
    const { part } = items[random.integer(items.length)]
    const original = items[images[0]].group, group = original === null ? null : names.renumber(original)
    return images.map(from => {
      const { name } = items[from]
      const renamed = original && group ? name.replaceAll(original, group) : name
      const item: Item = { ...items[from], group, name: names.claim(renamed) ? renamed : names.renumber(name) }
      return { from, change, item: part === undefined ? item : { ...item, part } }
    })
  })
  const all = [...items.map((item, from) => ({ item, from, change: null })), ...copies]
    .sort((a, b) => (a.item.name < b.item.name ? -1 : 1))
  return arranged(dataset, all)
}

/** The set in its new order. */
function arranged(dataset: Dataset, all: readonly { item: Item; from: number; change: CopyChange | null }[]): Copies {
  const { mask, storedChannels, nearDuplicates } = dataset
  const place = new Map(all.flatMap(({ from, change }, i) => (change ? [] : [[from, i]])) as [number, number][])
  const copies = all.flatMap(({ from, change }, i) => (change ? [{ i, from, change }] : []))
  return {
    set: {
      ...dataset,
      items: all.map(({ item }) => item),
      // Copies are not listed: a split would keep listed pairs together.
      nearDuplicates: nearDuplicates.map(([a, b]) => [place.get(a)!, place.get(b)!] as const),
      nearDuplicatesSearched: false,
      read: index => dataset.read(all[index]?.from ?? NaN),
      ...(mask ? { mask: (index: number) => mask(all[index]?.from ?? NaN) } : {}),
      ...(storedChannels ? { storedChannels: (index: number) => storedChannels(all[index].from) } : {}),
    },
    pairs: copies.map(({ i, from }) => [place.get(from)!, i] as const),
    changes: new Map(copies.map(({ i, change }) => [i, change])),
  }
}

/** Names that no item and no patient has yet: of 'patient 03', such as 'patient 49'. */
function freeNames(items: readonly Item[]): { claim(name: string): boolean; renumber(name: string): string } {
  const taken = new Set(items.flatMap(({ name, group }) => (group === null ? [name] : [name, group])))
  // The last number before an ending such as .png is a new one.
  const pattern = /^(.*?)(\d+)(\D*?)(\.[A-Za-z]\w*)?$/s
  const numbers = [...taken].map(name => Number(pattern.exec(name)?.[2] ?? 0)).filter(Number.isSafeInteger)
  let highest = numbers.reduce((a, b) => Math.max(a, b), 0)
  const claim = (name: string) => !taken.has(name) && taken.add(name).has(name)
  const renumber = (name: string): string => {
    const [, before = `${name} `, digits = '', after = '', ending = ''] = pattern.exec(name) ?? []
    const renamed = before + String(++highest).padStart(digits.length, '0') + after + ending
    return claim(renamed) ? renamed : renumber(name)
  }
  return { claim, renumber }
}
