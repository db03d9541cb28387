import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { dataSource, dataSources, findDataset, openDataset } from '../../src/lib/data/registry'
import { madeUpImages, writeManifest } from '../fixtures/ct-archive'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'

const path = temporaryFolder()
const images = madeUpImages(4)

beforeEach(async () => {
  vi.stubEnv('LAB_DATA_FOLDER', path())
  vi.stubEnv('LAB_DATA', '')
  await writeManifest(path(), await images)
})
afterEach(() => void vi.unstubAllEnvs())

describe('opening a data set', () => {
  it('without a name opens the phantom until the CT set is imported, then the CT set', async () => {
    expect((await openDataset()).name).toBe('phantom')
    await expect(openDataset('sars-cov-2-ct')).rejects.toMatchObject({ code: 'data-missing' })
    writeFileSync(path('set.zip'), makeZip(await images))
    await (await dataSource('sars-cov-2-ct')).obtain!(path('set.zip'))
    expect((await openDataset()).name).toBe('sars-cov-2-ct')
    vi.stubEnv('LAB_DATA', 'phantom')
    expect((await openDataset()).name).toBe('phantom')
    expect((await openDataset('sars-cov-2-ct')).evidence).toBe('real')
  })

  it('passes settings on to the phantom', async () => {
    const set = await openDataset('phantom', { phantom: { patients: 4, slicesPerPatient: 2 } })
    expect(set.items.length).toBe(8)
    const xray = await openDataset('phantom-xray', { xrayPhantom: { patients: 4, imagesPerPatient: 2 } })
    expect(xray.items.length).toBe(8)
  })

  it('refuses the settings of a phantom with any other set', async () => {
    const patients = { patients: 4 }
    await expect(openDataset('phantom-xray', { phantom: patients })).rejects.toThrow('Write xrayPhantom instead of phantom.')
    await expect(openDataset('phantom', { xrayPhantom: patients })).rejects.toThrow('Write phantom instead of xrayPhantom.')
    await expect(openDataset('phantom', { phantom: patients, xrayPhantom: patients })).rejects.toThrow('xrayPhantom')
    await expect(openDataset('./lungs', { phantom: patients })).rejects.toThrow("Leave out phantom, or open 'phantom'.")
    vi.stubEnv('LAB_DATA', 'phantom-xray')
    await expect(openDataset(undefined, { phantom: patients })).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('that LAB_DATA names: the X-ray phantom', async () => {
    vi.stubEnv('LAB_DATA', 'phantom-xray')
    expect(await openDataset()).toMatchObject({ name: 'phantom-xray', modality: 'X-ray' })
    expect((await dataSource('phantom-xray')).title).toBe((await openDataset()).title)
  })

  it('by a path opens a folder', async () => {
    for (const { name, bytes } of await images) {
      mkdirSync(dirname(path('mine', name)), { recursive: true })
      writeFileSync(path('mine', name), bytes)
    }
    for (const name of [path('mine'), `folder:${path('mine')}`])
      expect((await openDataset(name)).labels).toEqual(['COVID', 'non-COVID'])
  })

  it.each([
    ['phantm', 'unknown-data-set', 'LAB_DATA to name a set', 'Nearest: phantom.'],
    ['./nowhere/at/all', 'data-missing', 'nothing there', 'holds no nowhere.'],
    [path('lugns'), 'data-missing', 'nothing there', `${path()} holds lungs.`],
    [path('set.zip'), 'data-missing', 'a file', `npm run data -- NAME --from ${path('set.zip')}.`],
    [`folder:${path('one.png')}`, 'data-missing', 'a file', 'Name the folder around it.'],
  ])('that LAB_DATA misnames, %s: its own fault is shown', async (name, code, received, remedy) => {
    mkdirSync(path('lungs'), { recursive: true })
    for (const file of ['set.zip', 'one.png']) writeFileSync(path(file), makeZip(await images))
    vi.stubEnv('LAB_DATA', name)
    const fault = await openDataset().catch((error: unknown) => error)
    expect(fault).toMatchObject({ code })
    for (const words of ['LAB_DATA', received, remedy]) expect((fault as Error).message).toContain(words)
    await expect(findDataset(name)).rejects.toMatchObject({ code })
    // A set that the caller names is opened, whatever the variable says.
    expect((await openDataset('phantom')).name).toBe('phantom')
  })

  it('by an unknown name fails and names the nearest', async () => {
    await expect(openDataset('sars-cov2-ct')).rejects.toThrow('Nearest: sars-cov-2-ct')
    await expect(dataSource('fantom')).rejects.toThrow('Nearest: phantom')
  })
})

describe('every listed set', () => {
  it('has a name, a title and a state', async () => {
    expect(dataSources.map(source => source.name)).toEqual([
      'sars-cov-2-ct', 'kermany-xray', 'tuberculosis-xray', 'covid-ct', 'covid-radiography', 'sao-paulo-ct-patients',
      'covid-ctset', 'covidx-ct', 'nih-chestxray14', 'phantom', 'phantom-xray',
    ])
    for (const source of dataSources) {
      expect(source.title).not.toBe('')
      expect((await source.state()).detail).not.toBe('')
    }
  })
})
