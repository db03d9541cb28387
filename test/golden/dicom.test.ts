/** DICOM files of every compression that is read equal what pydicom reads. */
import { describe, expect, it } from 'vitest'
import { decodeImage, decodeStored } from '../../src/lib/images/image-file'
import golden from './dicom.json'

interface Case {
  name: string
  file: string
  /** The number of the array that holds the values after the modality transform. */
  values: number
  kind?: string
  /** The number of the array that holds the grey levels by the file's own window or table. */
  grey?: number
  tolerance?: number
}

describe.each(golden.cases as Case[])('$name', ({ file, kind, tolerance = 0, ...stored }) => {
  const values: number[] = golden.arrays[stored.values]
  const grey: number[] | undefined = stored.grey === undefined ? undefined : golden.arrays[stored.grey]
  const bytes = Buffer.from(file, 'base64')

  it('holds the same values', async () => {
    const { facts, width, height, samples, slope = 1, intercept = 0 } = await decodeStored(bytes)
    expect([width, height, samples.length]).toEqual([golden.width, golden.height, values.length])
    if (kind) expect(facts.values).toBe(kind)
    const distances = values.map((value, i) => Math.abs(value - (slope * samples[i] + intercept)))
    expect(Math.max(...distances)).toBeLessThanOrEqual(tolerance)
  })

  it.runIf(grey)('is shown as its own words say', async () => {
    const { data } = await decodeImage(bytes, 1)
    expect(grey!.flatMap((level, i) => (level === data[i] ? [] : [[i, level, data[i]]]))).toEqual([])
  })
})
