import { describe, expect, it } from 'vitest'
import { describeImage, formatManifest, parseManifest, readManifest } from '../../src/lib/data/manifest'
import { inProject } from '../../src/lib/system/project-root'
import golden from '../golden/decode.json'

const file = Buffer.from(golden.cases[0].file, 'base64')

describe('a manifest', () => {
  it('is the same after writing and reading', async () => {
    const rows = [await describeImage('sick/a.png', file)]
    expect(rows[0]).toMatchObject({ class: 'sick', bytes: file.length, width: 6, height: 5, channels: 3 })
    expect(parseManifest(formatManifest(rows))).toEqual(rows)
  })

  it('is refused with the number of the line that describes no image', async () => {
    const text = formatManifest([await describeImage('sick/a.png', file), await describeImage('sick/b.png', file)])
    expect(() => parseManifest(text.replace(',bytes', ''))).toThrow('line 1')
    expect(() => parseManifest(text.replace('sick/b.png', 'well/b.png'))).toThrow('line 3')
    expect(() => parseManifest(text.replace(/,6,5,3\n/, ',6,5\n'))).toThrow('line 2')
    expect(() => parseManifest(text.replace(/,6,5,3\n/, ',6,-5,3\n'))).toThrow('line 2')
  })
})

describe('the manifest of the SARS-CoV-2 CT set', () => {
  it('lists what its authors and its listing say: 1,252 COVID and 1,229 other slices; 413 without alpha', async () => {
    const rows = await readManifest(inProject('data', 'manifests', 'sars-cov-2-ct.csv'))
    const count = (name: string) => rows.filter(row => row.class === name).length
    expect([rows.length, count('COVID'), count('non-COVID')]).toEqual([2481, 1252, 1229])
    expect(rows.filter(row => row.channels === 3).length).toBe(413)
    // Two pairs of files are identical to the byte.
    expect(new Set(rows.map(row => row.sha256)).size).toBe(2479)
    expect(rows.map(row => row.name)).toEqual(rows.map(row => row.name).sort())
  })
})
