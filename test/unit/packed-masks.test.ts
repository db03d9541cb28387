/** Volumes that pack well: masks of lungs are mostly zeros. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readNifti, readNiftiSlices } from '../../src/lib/images/nifti'
import { nifti } from '../fixtures/nifti'

const side = 256, slices = 320

function packed(dims: readonly number[]): Buffer {
  const area = dims[0] * dims[1], numbers = Buffer.alloc(area * dims[2])
  for (let z = 0; z < dims[2]; z++) numbers.fill(1, z * area + area / 4, z * area + area / 2)
  return gzipSync(Buffer.concat([nifti({ dims, type: 2 }), numbers]))
}

test('a mask of 320 slices that packs to a five-hundredth is read', async () => {
  const file = packed([side, side, slices])
  expect(side * side * slices / file.length).toBeGreaterThan(500)
  const volume = await readNifti(file)
  expect([volume.facts.pages, [...new Set(readNiftiSlices(volume, slices).samples)].sort()]).toEqual([slices, [0, 1]])
})

test('a volume of the same size with one huge slice is refused, and one whose header claims more than gzip can hold', async () => {
  await expect(readNifti(packed([8192, 4096, 1]))).rejects.toThrow('made to fill the memory')
  await expect(readNifti(gzipSync(Buffer.concat([nifti({ dims: [side, side, slices], type: 2 }), Buffer.alloc(9)]))))
    .rejects.toThrow('made to fill the memory')
})
