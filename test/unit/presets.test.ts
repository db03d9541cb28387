import { expect, test } from 'vitest'
import { evaluate } from '../../src/lib/inference/evaluate'
import { presets } from '../../src/lib/training/presets'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { train } from '../../src/lib/training/train'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'

test.each(Object.entries(presets))('%s goes to model, training and evaluation as it is', async (_, preset) => {
  const split = smallSplit()
  const { train: config, model, predict } = preset
  const start = await resnet50({ classes: smallDataset().labels, weights: 'none', width: 'quarter', ...model })
  expect(start.architecture.layers.find(({ kind }) => kind === 'dropout')).toMatchObject({ rate: model.dropout })
  const trained = await train(smallModel(), split, { ...config, epochs: 1 })
  const { predictions } = await evaluate(trained.model, split.validation, predict)
  expect(predictions.labels).toHaveLength(split.validation.indices.length)
})
