/** npm run pretrain -- contrastive [--split group] …: start weights from a split's training images. */
import { join, relative } from 'node:path'
import { widths, type Width } from '../../src/lib/model/architecture'
import type { Dataset } from '../../src/lib/data/dataset'
import { openDataset } from '../../src/lib/data/registry'
import { remove } from '../../src/lib/system/files'
import { foldByGroup, foldRandom } from '../../src/lib/data/split/folds'
import { progressDisplay } from '../../src/lib/notebook/progress'
import { trainContrastively } from '../../src/lib/training/contrastive/contrastive'
import { removeLabels } from '../../src/lib/training/contrastive/images'
import type { ContrastiveProgress } from '../../src/lib/training/contrastive/config'
import { contrastiveFolder, saveContrastive } from '../../src/lib/experiments/contrastive-weights'
import { inProject, projectRoot } from '../../src/lib/system/project-root'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitByGroup, splitRandom, type Split } from '../../src/lib/data/split/split'
import { formatNumber } from '../../src/lib/display/format'
import { readOptions } from '../command/options.mjs'
import { writableFolder } from './writable-folder'

const usage = 'npm run pretrain -- contrastive [--data NAME] [--split group|random] [--fold 1|2|3|4|5] [--seed 42] '
  + '[--start fractal|imagenet|none] [--width half] [--size 64] [--epochs 30] [--temperature 0.2] '
  + '[--folder .cache/weights]'

interface Options {
  /** Default: the data set that `openDataset` opens without a name. */
  data: string | undefined
  split: 'group' | 'random'
  /** One of five folds, from 1; default a split of 60 % for training, 20 % for validation, 20 % for test. */
  fold: number | undefined
  /** Names the split. */
  seed: number
  /** The start weights; 'none': random numbers. */
  start: 'fractal' | 'imagenet' | 'none'
  /** Default 'half'; with ImageNet's weights 'full', the only width that they have. */
  width: Width
  size: number
  epochs: number
  temperature: number
  /** The folder for the weights. */
  folder: string
}

/** Learns from the training images of a split without their labels, and saves start weights for this split. */
export async function contrastive(words: string[], signal: AbortSignal): Promise<void> {
  const options = readWords(words)
  const { start, width, size, epochs, temperature } = options
  const folder = await writableFolder(options.folder)
  const dataset = await openDataset(options.data)
  const images = removeLabels(splitOf(dataset, options))
  const title = `${images.count} training images without labels`
  console.log(`${images.description}. Ctrl-C saves the run.`)
  const model = await resnet50({ classes: dataset.labels, weights: start, width, size })
  const run = [images.hash.slice(0, 8), start, width, size, epochs, temperature].join('-')
  const checkpoint = { folder: inProject('.cache', 'pretrain', `contrastive-${run}`), everySteps: 100 }
  const display = progressDisplay()
  const trained = await trainContrastively(model, images, { epochs, temperature }, {
    onProgress: progress => display.update(() => ({ title, ...stateOf(progress) }), progress.step === progress.steps),
    signal, checkpoint,
  })
  const { stopped, history, seconds } = trained
  display.end({ title, share: history.length / epochs, note: `${history.length} of ${epochs} epochs`, seconds })
  if (stopped === 'cancelled') return console.log('Saved. The same command goes on from there.')
  const command = ['npm run pretrain -- contrastive', ...words].join(' ')
  const card = await saveContrastive(trained, images, { width, command }, folder)
  await remove(checkpoint.folder)
  console.log(`${join(relative(projectRoot, folder), card.name)}.tensors: `
    + `${formatNumber(card.result.found, 'percent')} of second views found, in ${card.seconds} s\n`
    + 'For this split only: the test part of another may hold images that these weights have seen.')
}

function stateOf({ epoch, epochs, step, steps, loss, found, dimensions, seconds }: ContrastiveProgress) {
  const note = [
    `epoch ${epoch} of ${epochs}`, `step ${step} of ${steps}`, `loss ${formatNumber(loss)}`,
    `second views found ${formatNumber(found, 'percent')}`, `${formatNumber(dimensions)} dimensions`,
  ].join(' · ')
  return { share: (epoch - 1 + step / steps) / epochs, note, seconds }
}

function splitOf(dataset: Dataset, { split, fold, seed }: Options): Split {
  const byGroup = split === 'group'
  if (fold === undefined) return (byGroup ? splitByGroup : splitRandom)(dataset, { validation: 0.2, test: 0.2, seed })
  return (byGroup ? foldByGroup : foldRandom)(dataset, { folds: 5, validation: 0.1, seed })[fold - 1]
}

function readWords(words: string[]): Options {
  const options = readOptions(words, {
    usage, does: 'Trains start weights on the training images of a split, without their labels.',
    values: {
      data: 'the data set; default the one that the notebooks use',
      split: 'group (default) keeps each group in one part, random deals image by image',
      fold: 'one of five folds; default a split of 60, 20 and 20 %',
      seed: 'names the split; default 42',
      start: 'the weights to start from: fractal (default), imagenet or none',
      width: 'the network’s width; default half, or full on top of imagenet',
      size: 'the images’ height and width in pixels; default 64',
      epochs: 'default 30',
      temperature: 'of the contrastive loss; default 0.2',
      folder: 'the folder for the weights; default .cache/weights',
    },
  })
  const fold = options.oneOf('fold', ['1', '2', '3', '4', '5'], undefined)
  const start = options.oneOf('start', ['fractal', 'imagenet', 'none'], 'fractal')
  return {
    data: options.text('data'), split: options.oneOf('split', ['group', 'random'], 'group'),
    fold: fold && Number(fold), seed: options.whole('seed', 42), start,
    width: options.oneOf('width', Object.keys(widths) as Width[], start === 'imagenet' ? 'full' : 'half'),
    size: options.whole('size', 64), epochs: options.whole('epochs', 30),
    temperature: options.decimal('temperature', 0.2), folder: options.text('folder') ?? contrastiveFolder(),
  }
}
