/** Slices of NIfTI volumes equal those that nibabel turns. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { resizeFiles } from '../../src/lib/data/resize-task'
import { decodeImage, decodeStored } from '../../src/lib/images/image-file'
import { nifti } from '../fixtures/nifti'
import { temporaryFolder } from '../fixtures/temporary'
import golden from './nifti.json'

const path = temporaryFolder()

it.each(golden.cases)('$name', async ({ file, width, height, slices, values }) => {
  const { facts, samples, slope = 1, intercept = 0 } = await decodeStored(Buffer.from(file, 'base64'))
  expect(facts).toMatchObject({ width, height, pages: slices, values: 'numbers' })
  expect([...samples].map(value => slope * value + intercept)).toEqual(values)
})

describe('a folder of volumes', () => {
  it('has an item for each slice, in the lung window; a volume is a group', async () => {
    for (const [i, name] of ['a/one.nii.gz', 'b/two.nii.gz'].entries()) {
      mkdirSync(path('set', name[0]), { recursive: true })
      writeFileSync(path('set', name), Buffer.from(golden.cases[i].file, 'base64'))
    }
    const set = await openFolder(path('set'))
    expect(set.items.map(({ name, group }) => `${name} ${group}`)).toEqual(['a/one.nii.gz', 'b/two.nii.gz']
      .flatMap(name => [1, 2, 3].map(number => `${name}#${number} volume ${name}`)))
    expect(set.window).toEqual({ numbers: { center: -600, width: 1500 } })
    const { values, width, height } = golden.cases[1]
    const expected = values.slice(width * height, 2 * width * height)
      .map(value => Math.round(255 * Math.min(1, Math.max(0, (value + 1350) / 1500))))
    expect([...(await set.read(4)).data]).toEqual(expected)
    expect(await resizeFiles({ paths: [set.file!(4)], size: 1, window: set.window })).toHaveLength(1)
  })
})

it('a volume to whose values no number is added is refused, whatever the window', async () => {
  const file = Buffer.concat([nifti({ dims: [2, 2, 1], type: 4 }), Buffer.alloc(8, 1)])
  const window = { numbers: { center: 0, width: 9 } }
  file.writeFloatLE(2, 112)
  expect((await decodeImage(file, 1, window)).width).toBe(2)
  file.writeFloatLE(NaN, 116)
  await expect(decodeImage(file, 1, window)).rejects.toThrow('what is added to its values is no number')
})

it('volumes that are cut, have no slices named, or are no volumes are refused', async () => {
  const whole = Buffer.from(golden.cases[3].file, 'base64')
  await expect(decodeImage(whole, 1)).rejects.toMatchObject({ received: 'a volume of 3 slices' })
  for (let length = 400; length < whole.length; length += 13)
    await expect(decodeImage(whole.subarray(0, length), 1)).rejects.toThrow('a NIfTI file that is cut short')
  await expect(decodeImage(Buffer.from('1f8b0800', 'hex'), 1)).rejects.toThrow('gzip')
})
