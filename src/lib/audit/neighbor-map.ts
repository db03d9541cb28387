/** A map of rows of numbers: rows that are alike lie close together (UMAP, McInnes, Healy and Melville 2018). */
import { UMAP } from 'umap-js'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { nearestExamples } from '../baselines/nearest-neighbors'
import type { Features } from '../data/feature-rows'
import type { ComputeControl } from '../inference/outputs'
import { stream } from '../system/random'

/** Where each row lies, and the row that is most like it. */
export interface NeighborMap {
  positions: readonly (readonly [number, number])[]
  nearest: readonly number[]
}

/** Half the width of the first layout, as in UMAP, and the share of UMAP's random layout in it. */
const spread = 10, trace = 1e-3

/**
 * Lays rows out in a plane. The map begins with the first two numbers of each row, so that its large shape is that of
 * the principal components and not chance (Kobak and Linderman 2021).
 * @param rows in their principal components, the greatest first; two or more
 * @param neighbors of each row, itself included, as UMAP counts; less than the number of rows
 * @throws the signal's reason when the signal fires
 */
export async function neighborMap(
  rows: Features, neighbors: number, seed: number, { onProgress, signal }: ComputeControl = {},
): Promise<NeighborMap> {
  const near = nearestExamples(rows, rows, neighbors)
    .map((list, row) => [row, ...list.filter(other => other !== row)].slice(0, neighbors))
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbors, random: stream('neighbor map', seed).uniform })
  umap.setPrecomputedKNN(near, near.map((list, row) => list.map(other => distance(rows, row, other))))
  // UMAP reads only the number of rows where it is given their neighbors.
  const epochs = umap.initializeFit(Array.from({ length: rows.count }, () => []))
  const positions = umap.getEmbedding()
  begin(positions, rows)
  let rested = performance.now()
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step()
    if (performance.now() - rested < 50) continue
    onProgress?.(epoch, epochs)
    await nextTurn()
    signal?.throwIfAborted()
    rested = performance.now()
  }
  return { positions: umap.getEmbedding().map(([x, y]) => [x, y]), nearest: near.map(([, other]) => other) }
}

/** Puts the rows where their first two components are, with a trace of chance: rows in a line would never leave it. */
function begin(positions: number[][], { dimensions, values }: Features): void {
  const axes = [...Array(Math.min(2, dimensions)).keys()]
  const farthest = Math.max(...axes.map(axis =>
    positions.reduce((most, _, row) => Math.max(most, Math.abs(values[row * dimensions + axis])), 0)))
  if (farthest > 0) positions.forEach((position, row) => axes.forEach(axis => {
    position[axis] = trace * position[axis] + spread * values[row * dimensions + axis] / farthest
  }))
}

function distance({ dimensions, values }: Features, row: number, other: number): number {
  let sum = 0
  for (let i = 0; i < dimensions; i++) sum += (values[row * dimensions + i] - values[other * dimensions + i]) ** 2
  return Math.sqrt(sum)
}
