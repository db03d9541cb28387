/** A small run of what `npm run torture -- --disk` does with every call: work on failing disks loses nothing. */
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'
import { compileFaults, diskFaults, surveyDisk, type DiskSurvey } from './torture/disk'

const folder = temporaryFolder()
const faults = compileFaults(folder('faults'))

describe.skipIf(faults === null)('on a failing disk', () => {
  let surveys: DiskSurvey[]
  // Ten seconds of processor time; machines may be busy.
  beforeAll(async () => { surveys = await surveyDisk('few', faults!, folder('work')) }, 600_000)

  test('every kind of work meets every fault', () => {
    const kinds = [...new Set(surveys.map(({ kind }) => kind))]
    expect(kinds.length).toBeGreaterThan(20)
    expect(surveys.map(({ kind, fault, calls }) => [kind, fault, calls]))
      .toEqual(kinds.flatMap(kind => diskFaults.map(fault => [kind, fault, 1])))
  })

  test('nothing is lost or half-written: the old content is there, or the new one', () => {
    expect(surveys.filter(({ lost }) => lost.length > 0)).toEqual([])
  })

  test('faults reach the work: some of it is refused, and some goes on with a notice', () => {
    for (const fault of diskFaults)
      expect(surveys.filter(survey => survey.fault === fault && survey.refused > 0).length, fault).toBeGreaterThan(0)
    expect(surveys.filter(({ noticed }) => noticed > 0).length).toBeGreaterThan(0)
  })
})
