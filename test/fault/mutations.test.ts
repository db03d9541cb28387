/** A small run of what `npm run torture` does at length: damaged files, and files made by hand to harm. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { craftedFiles } from './torture/crafted/lists'
import { crafted, craftedKinds, kinds, mutations, readHarmful, surveysText, type Survey } from './torture/mutations'

const folder = temporaryFolder()
const caches = ['found near-duplicates', 'kept pixels']

test('six damaged files of each kind, and those made by hand, end in typed errors or are read; none harms', async () => {
  // Six of the fifteen ways to damage a file; the last kind made by hand takes long.
  const tasks = [...mutations(4, 6), ...crafted(craftedKinds.slice(0, -1))]
  for (const { kind, files, refused, harmful } of await readHarmful(tasks, folder('damaged'))) {
    expect([files, harmful], kind).toEqual([tasks.find(task => task.kind === kind)!.count, []])
    // A damaged cache is made again.
    if (!caches.includes(kind)) expect(refused, kind).toBeGreaterThan(0)
  }
})

// Of that last kind: half a million lines of one letter once took 77 MiB, most of it for the lines' numbers.
test('a table of cells with half a million lines takes no more than other files may', async () => {
  const kind = 'megabytes of one thing'
  const first = craftedFiles.get(kind)!.findIndex(({ name }) => name === 'a table of cells, lines of a letter')
  expect(await readHarmful([{ kind, first, count: 1 }], folder('long'))).toMatchObject([{ files: 1, read: 1, harmful: [] }])
})

test('the table of what became of them has a line for each kind', () => {
  const survey = (kind: string): Survey => ({ kind, files: 1, refused: 0, read: 1, seconds: 0, memory: 0, harmful: [] })
  const all = [...kinds, ...craftedKinds]
  expect(all.length).toBeGreaterThan(40)
  expect(surveysText(all.map(survey)).split('\n').slice(2).map(line => line.split(/ {2,}/)[0])).toEqual(all)
})
