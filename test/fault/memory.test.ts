/** A small run of what `npm run torture -- --memory 1000` does at length: no kind of work holds more and more. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { surveyMemory } from './torture/memory'

const folder = temporaryFolder()

test('every kind of training and of prediction holds as many tensors late as early, and none at its end', async () => {
  const surveys = await surveyMemory(12, folder())
  expect(surveys.length).toBeGreaterThan(13)
  for (const { work, steps, tensors: { early, late, after } } of surveys) {
    expect(steps, work).toBeGreaterThanOrEqual(12)
    expect({ late, after }, work).toEqual({ late: early, after: 0 })
  }
})
