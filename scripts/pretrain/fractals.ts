/** npm run pretrain -- fractals [--width half] …: makes the project's own start weights. */
import { join, relative } from 'node:path'
import { widths, type Width } from '../../src/lib/model/architecture'
import { learningCurves } from '../../src/lib/display/figures/learning-curves'
import { remove, writeFileAtomic } from '../../src/lib/system/files'
import { difficulties } from '../../src/lib/data/fractals/fractals'
import { completePretraining, pretrainOnFractals, type PretrainOptions } from '../../src/lib/experiments/pretraining'
import { inProject, projectRoot } from '../../src/lib/system/project-root'
import type { EpochRecord, TrainProgress } from '../../src/lib/training/config'
import { readOptions } from '../command/options.mjs'
import { showTraining } from './show'
import { writableFolder } from './writable-folder'

const usage = `npm run pretrain -- fractals [--width ${Object.keys(widths).join('|')}] [--steps 1500] [--classes 150] `
  + `[--images 64] [--difficulty ${difficulties.join('|')}] [--seed 1] [--folder data/weights]`

/**
 * Draws fractals, trains on them and saves the project's own start weights. Without options: the full-width ones that
 * are shipped; with `--width half` the others.
 */
export async function fractals(words: string[], signal: AbortSignal): Promise<void> {
  const { folder: path, ...options } = readWords(words)
  const run = Object.values(completePretraining(options)).join('-')
  const folder = await writableFolder(path)
  const checkpoint = { folder: inProject('.cache', 'pretrain', run), everySteps: 250 }
  const curve = `${checkpoint.folder}.svg`
  const drawCurve = (history: readonly EpochRecord[]) =>
    writeFileAtomic(curve, learningCurves(history, { title: run }).svg)
  /** Drawings are written one after another: an older one must not replace a newer one. */
  let drawn = drawCurve([])
  await drawn
  console.log(`Drawing fractals and training; Ctrl-C saves the run. The curve grows in ${relative(projectRoot, curve)}`)
  const onProgress = (progress: TrainProgress) => {
    showTraining(progress)
    const ended = progress.history.length === progress.epoch
    if (!ended) return
    drawn = drawn.then(() => drawCurve(progress.history)).catch((fault: Error) => console.error(fault.message))
  }
  const { trained, card } = await pretrainOnFractals(options, { onProgress, signal, checkpoint }, { folder })
  await drawn
  if (!card) return console.log(`\nSaved after ${Math.round(trained.seconds)} s. The same command goes on from there.`)
  await remove(checkpoint.folder)
  console.log(`${join(relative(projectRoot, folder), card.name)}.tensors: ${card.parameters.toLocaleString('en')} `
    + `parameters, test accuracy ${card.result.testAccuracy.toFixed(3)}, ${card.seconds} s`)
}

function readWords(words: string[]): PretrainOptions & { folder: string } {
  const options = readOptions(words, {
    usage, does: 'Draws fractals, trains a network to tell them apart, and saves its weights as start weights.',
    values: {
      width: 'the network’s width; default full', steps: 'training steps; default 1500',
      classes: 'how many fractals to tell apart; default 150', images: 'images of each fractal; default 64',
      difficulty: `${difficulties.join(' or ')}`, seed: 'default 1', folder: 'the folder for the weights; default data/weights',
    },
  })
  const whole = (name: 'steps' | 'classes' | 'images' | 'seed') => options.whole(name, undefined)
  return {
    width: options.oneOf('width', Object.keys(widths) as Width[], undefined),
    difficulty: options.oneOf('difficulty', difficulties, undefined),
    steps: whole('steps'), classes: whole('classes'), images: whole('images'), seed: whole('seed'),
    folder: options.text('folder') ?? inProject('data', 'weights'),
  }
}
