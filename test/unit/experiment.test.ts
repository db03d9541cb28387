import { expect, test } from 'vitest'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { compareRuns } from '../../src/lib/experiments/compare-runs'
import { runs } from '../../src/lib/display/result-tables'
import { evaluate } from '../../src/lib/inference/evaluate'
import { freeze } from '../../src/lib/model/freeze'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitByGroup } from '../../src/lib/data/split/split'
import { countEpochs } from '../../src/lib/training/config'
import { train } from '../../src/lib/training/train'

test('epochs make about the wanted steps, at least one epoch', async () => {
  const phantom = await openPhantom({ patients: 20, slicesPerPatient: 9 })
  const { train: part } = splitByGroup(phantom, { validation: 0.2, test: 0.2, seed: 1 })
  expect(part.indices).toHaveLength(108)
  expect([countEpochs(part, 1), countEpochs(part, 20), countEpochs(part, 20, 27)]).toEqual([1, 10, 5])
})

test('runs are compared on the part that is named, each with what it could change', async () => {
  const parts = splitByGroup(await openPhantom({ patients: 10, size: 64 }), { validation: 0.2, test: 0.2, seed: 1 })
  const start = await resnet50({ classes: parts.dataset.labels, weights: 'none', width: 'quarter', size: 32 })
  const config = { epochs: 1, optimizer: { name: 'sgd', rate: 1e-3 } } as const
  const head = await train(freeze(start, { through: 'conv5' }), parts, config)
  const [row] = await compareRuns({ head }, parts.validation)
  const { accuracy, loss } = await evaluate(head.model, parts.validation)
  expect(row).toMatchObject({ run: 'head', trains: 512 * 2 + 2, epochs: 1, loss, accuracy: accuracy.value, low: accuracy.low })
  expect(runs([row], 'runs', 'Runs').rows).toEqual([row])
})
