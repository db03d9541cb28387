/** A small run of what `npm run torture` does at length: damaged files, and files made by hand to harm. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { crafted, craftedKinds, mutations, readHarmful } from './torture/mutations'

const folder = temporaryFolder()
const caches = ['found near-duplicates', 'kept pixels']

test('nine damaged files of each kind, and those made by hand, end in typed errors or are read; none harms', async () => {
  // Nine of the fifteen ways to damage a file; the last kind made by hand takes long.
  const tasks = [...mutations(4, 9), ...crafted(craftedKinds.slice(0, -1))]
  for (const { kind, files, refused, harmful } of await readHarmful(tasks, folder('damaged'))) {
    expect([files, harmful], kind).toEqual([tasks.find(task => task.kind === kind)!.count, []])
    // A damaged cache is made again.
    if (!caches.includes(kind)) expect(refused, kind).toBeGreaterThan(0)
  }
})
