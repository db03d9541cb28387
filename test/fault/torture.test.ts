/** A small run of what `npm run torture` does at length: kills at random moments. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import '../fixtures/one-thread'
import { temporaryFolder } from '../fixtures/temporary'
import { killedPrograms, surveyKills } from './torture/kills'
import { works, type Work } from './torture/works'

const folder = temporaryFolder()
let programs: Awaited<ReturnType<typeof killedPrograms>>

beforeAll(async () => { programs = await killedPrograms() })
afterAll(() => programs.remove())

/** Nineteen in all, two where most can be lost. */
const often: Readonly<Partial<Record<Work, number>>> = {
  'supervised': 2, 'contrastive': 2, 'frozen features': 2, 'a model saved again and again': 2,
  'a zip imported by the command': 2, 'a plan of two workers': 2, 'a download': 2,
}

test.each(works)('killed at random moments, %s comes to the same end', async work => {
  const kills = often[work] ?? 1
  expect(await surveyKills(work, kills, folder(work), programs.folder)).toEqual({ work, kills, lost: [] })
})
