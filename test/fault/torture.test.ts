/** A small run of what `npm run torture` does at length: kills at random moments, and damaged files. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { surveyKills, works } from './torture/kills'
import { kinds, surveyMutations } from './torture/mutations'

const folder = temporaryFolder()

test.each(works)('killed three times at random moments, %s comes to the same end', async work => {
  expect(await surveyKills(work, 3, folder(work))).toEqual({ work, kills: 3, lost: [] })
})

test.each(kinds)('thirty damaged files (%s) end in typed errors or are read, and harm nobody', async kind => {
  const { files, refused, harmful } = await surveyMutations(kind, 0, 30, folder('damaged'))
  expect([files, harmful]).toEqual([30, []])
  expect(refused).toBeGreaterThan(0)
})
