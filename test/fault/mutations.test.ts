/** A small run of what `npm run torture` does at length: damaged files, and files made by hand to harm. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { crafted, craftedKinds, mutations, readHarmful } from './torture/mutations'

const folder = temporaryFolder()

test('thirty damaged files of each kind, and those made by hand, end in typed errors or are read, and harm nobody', async () => {
  const tasks = [...mutations(0, 30), ...crafted(craftedKinds.slice(0, 3))]
  for (const { kind, files, refused, harmful } of await readHarmful(tasks, folder('damaged'))) {
    expect([files, harmful], kind).toEqual([tasks.find(task => task.kind === kind)!.count, []])
    expect(refused, kind).toBeGreaterThan(0)
  }
})
