/** Which patients a planted fault concerns. */
import { groups } from 'd3-array'
import { permutation, type Stream } from '../../system/random'
import type { Dataset } from '../dataset'

/** The items of a share of the patients, patient by patient; an image without a patient counts for one. */
export function choosePatients(
  { items }: Dataset, among: readonly number[], share: number, random: Stream,
): number[][] {
  const patients = groups(among, i => items[i].group ?? `image ${items[i].name}`).map(([, indices]) => indices)
  return [...permutation(patients.length, random)].slice(0, atLeastOne(share, patients.length)).map(i => patients[i])
}

/** A share of a count, at least one. */
export function atLeastOne(share: number, count: number): number {
  return Math.min(count, Math.max(1, Math.round(share * count)))
}
