/** A small run of what `npm run torture` does at length: kills at random moments, and damaged files. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { surveyKills, works } from './torture/kills'
import { surveyMutations } from './torture/mutations'

const folder = temporaryFolder()

test.each(works)('killed twice at random moments, %s comes to the same end', async work => {
  expect(await surveyKills(work, 2, folder(work))).toEqual({ work, kills: 2, lost: [] })
})

test('thirty damaged files of each kind end in typed errors or are read, and harm nobody', async () => {
  for (const { kind, files, refused, harmful } of await surveyMutations(0, 30, folder('damaged'))) {
    expect([files, harmful], kind).toEqual([30, []])
    expect(refused, kind).toBeGreaterThan(0)
  }
})
