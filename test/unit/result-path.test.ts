/** What is made from a data set lies in its own folder under results/. */
import { readdirSync } from 'node:fs'
import { beforeEach, expect, test, vi } from 'vitest'
import { resultPath, storeImage } from '../../src/lib/data/result-path'
import { readImageFile } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import { datasetOf, groupedItems } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const data = datasetOf(groupedItems(4, 1))
beforeEach(() => {
  vi.unstubAllEnvs()
})

test('the folder lies in the project, whatever folder a notebook runs in', () => {
  expect(resultPath(data, 'model')).toBe(inProject('results', 'made-up', 'model'))
  expect(resultPath({ name: 'folder:Lungs-0f3a9c22' }, 'a.csv')).toMatch(/results.folder-lungs-[0-9a-f]{8}.a\.csv$/)
})

test.each(['../other/model', '/tmp/model', '..'])('%s leads elsewhere and is refused', name => {
  expect(() => resultPath(data, name)).toThrow(/outside-folder/)
})

test('an image comes back from its file as it was, whatever its name', async () => {
  vi.stubEnv('LAB_RESULTS_FOLDER', path())
  const names = ['a/one.png', 'a-one.png', '正常/größe #1.PNG', `${'long '.repeat(60)}.jpeg`]
  const odd = datasetOf(names.map((name, i) => ({ name, label: i % 2, group: null })))
  const files = []
  for (const index of names.keys()) {
    files.push(await storeImage(odd, index))
    expect(await readImageFile(files[index])).toEqual(await odd.read(index))
  }
  expect(new Set(files).size).toBe(names.length)
  expect(readdirSync(path('made-up', 'images'))).toHaveLength(names.length)
})

test.each([-1, 4, 0.5, NaN])('index %s is refused', async index => {
  await expect(storeImage(data, index)).rejects.toThrow(/bad-argument/)
})
