/** The audit sees each fault that is planted at full strength, by the question that it concerns, and none elsewhere. */
import { expect, test, vi } from 'vitest'
import type { Question } from '../../src/lib/audit/finding'
import { plantFaults } from '../../src/lib/index'
import { plantedFaults, setsOf, undisturbed, verdictsOf, type Fault } from '../fixtures/audit-rates'
import { auditedImages } from '../fixtures/audited-set'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()())

// Labels need more images than this: see the last test.
const asked: readonly Question[] = ['duplicates', 'border', 'patients']
const onlyAsked = (questions: readonly Question[]) => questions.filter(question => asked.includes(question))
const small = (faults: Partial<Record<Fault, number>>) => setsOf('phantom', 1, faults, 12)

test('no fault is seen in a phantom without one', async () =>
  expect(Object.fromEntries(await verdictsOf(await small({}), 1, asked)))
    .toEqual({ duplicates: 'clear', border: 'clear', patients: 'clear' }))

test.each([
  ['duplicatedPatients', 0.5], ['cornerMark', 1], ['site', 1], ['wrongLabels', 0.1],
] as const)('%s at %d: seen by the question that it concerns; a mark and a site make no copies', async (fault, strength) => {
  const concerned = onlyAsked(plantedFaults[fault]), others = fault === 'wrongLabels' ? [] : onlyAsked(undisturbed[fault])
  const verdicts = await verdictsOf(await small({ [fault]: strength }), 1, [...concerned, ...others])
  expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries([
    ...concerned.map(question => [question, 'fault']), ...others.map(question => [question, 'clear']),
  ]))
})

test('labels are blamed where some are wrong and a classifier can tell; 80 right ones are too few to be sure', async () => {
  const right = auditedImages({ mark: true, images: 4 })
  const wrong = plantFaults(right, { wrongLabels: 0.15, seed: 1 }).dataset
  const verdicts = await Promise.all([right, wrong].map(set => verdictsOf(set, 1, ['labels'])))
  expect(verdicts.map(found => found.get('labels'))).toEqual(['unknown', 'fault'])
})
