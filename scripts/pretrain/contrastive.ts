/** npm run pretrain -- contrastive [--split group] …: start weights from a split's training images. */
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { widths, type Width } from '../../src/lib/architecture'
import type { Dataset } from '../../src/lib/datasets/dataset'
import { openDataset } from '../../src/lib/datasets/registry'
import { LabError } from '../../src/lib/errors'
import { remove } from '../../src/lib/files'
import { foldsByGroup, foldsRandom } from '../../src/lib/folds'
import { progressDisplay } from '../../src/lib/notebook/progress'
import { trainContrastively } from '../../src/lib/pretrain/contrastive'
import { withoutLabels } from '../../src/lib/pretrain/contrastive-images'
import type { ContrastiveProgress } from '../../src/lib/pretrain/contrastive-training'
import { contrastiveFolder, saveContrastive } from '../../src/lib/pretrain/contrastive-weights'
import { inProject, projectRoot } from '../../src/lib/project-root'
import { resnet50 } from '../../src/lib/resnet50'
import { splitByGroup, splitRandom, type Split } from '../../src/lib/split'
import { formatNumber } from '../../src/lib/tables'

const usage = 'npm run pretrain -- contrastive [--data NAME] [--split group|random] [--fold 1|2|3|4|5] [--seed 42] '
  + '[--start fractal|none] [--width half] [--size 64] [--epochs 30] [--temperature 0.2]'
const standard = {
  split: 'group', seed: '42', start: 'fractal', width: 'half', size: '64', epochs: '30', temperature: '0.2',
}

interface Options {
  /** Default: what `openDataset` takes by itself. */
  data?: string
  split: 'group' | 'random'
  /** One of five folds, from 1; default a split of 60 % for training, 20 % for validation, 20 % for test. */
  fold?: number
  seed: number
  start: 'fractal' | 'none'
  width: Width
  size: number
  epochs: number
  temperature: number
}

/** Learns from the training images of a split without their labels, and leaves start weights for this split. */
export async function contrastive(words: string[], signal: AbortSignal): Promise<void> {
  const options = readOptions(words)
  const { start, width, size, epochs, temperature } = options
  const dataset = await openDataset(options.data)
  const images = withoutLabels(splitOf(dataset, options))
  const title = `${images.count} training images without labels`
  console.log(`${images.description}. Ctrl-C saves the run.`)
  const model = await resnet50({ classes: dataset.labels, weights: start, width, size })
  const run = [images.hash.slice(0, 8), start, width, size, epochs, temperature].join('-')
  const folder = inProject('.cache', 'pretrain', `contrastive-${run}`)
  const display = progressDisplay()
  const trained = await trainContrastively(model, images, { epochs, temperature }, {
    onProgress: progress => display.update(() => ({ title, ...stateOf(progress) }), progress.step === progress.steps),
    signal, checkpoint: { folder, everySteps: 100 },
  })
  const { stopped, history, seconds } = trained
  display.end({ title, share: history.length / epochs, note: `${history.length} of ${epochs} epochs`, seconds })
  if (stopped === 'cancelled') return console.log('Saved. The same command goes on from there.')
  const command = ['npm run pretrain -- contrastive', ...words].join(' ')
  const card = await saveContrastive(trained, images, { width, command })
  await remove(folder)
  console.log(`${join(relative(projectRoot, contrastiveFolder()), card.name)}.tensors: `
    + `${formatNumber(card.result.found, 'percent')} of second views found, in ${card.seconds} s`)
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
  return (byGroup ? foldsByGroup : foldsRandom)(dataset, { folds: 5, validation: 0.1, seed })[fold - 1]
}

function readOptions(words: string[]): Options {
  const text = (value?: string) => ({ type: 'string' as const, default: value })
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        data: text(), split: text(standard.split), fold: text(), seed: text(standard.seed), start: text(standard.start),
        width: text(standard.width), size: text(standard.size), epochs: text(standard.epochs),
        temperature: text(standard.temperature),
      },
    })
    const one = <Word extends string>(name: keyof typeof values, among: readonly Word[]) =>
      among.find(word => word === values[name]) ?? refuse(name, values[name])
    const number = (name: keyof typeof values) => {
      const value = Number(values[name] || NaN)
      return Number.isFinite(value) ? value : refuse(name, values[name])
    }
    const fold = values.fold === undefined ? undefined : Number(one('fold', ['1', '2', '3', '4', '5']))
    return {
      data: values.data, fold, split: one('split', ['group', 'random']), start: one('start', ['fractal', 'none']),
      width: one('width', Object.keys(widths) as Width[]),
      seed: number('seed'), size: number('size'), epochs: number('epochs'), temperature: number('temperature'),
    }
  } catch (fault) {
    const received = (fault as Error).message
    throw new LabError('bad-argument', { expected: usage, received, remedy: 'Change the command' })
  }
}

function refuse(name: string, value: string | undefined): never {
  throw new Error(`--${name} ${value}`)
}
