/** npm run pretrain -- fractals [--width half] [--steps 1500] …: makes the project's own start weights. */
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { widths, type Width } from '../../src/lib/architecture'
import { LabError } from '../../src/lib/errors'
import { learningCurves } from '../../src/lib/figures/learning-curves'
import { remove, writeFileAtomic } from '../../src/lib/files'
import { difficulties, type Difficulty } from '../../src/lib/pretrain/fractals'
import { pretrainOnFractals, type PretrainOptions } from '../../src/lib/pretrain/pretrain'
import { inProject, projectRoot } from '../../src/lib/project-root'
import type { TrainProgress } from '../../src/lib/training'
import { showTraining } from './show'

const usage = 'npm run pretrain -- fractals [--width half] [--steps 1500] [--classes 150] [--images 64] '
  + `[--difficulty ${difficulties.join('|')}] [--seed 1]`

/** Draws fractals, trains on them and leaves the project's own start weights. */
export async function fractals(words: string[], signal: AbortSignal): Promise<void> {
  const options = readOptions(words)
  const run = Object.values(options).join('-')
  const folder = inProject('.cache', 'pretrain', run)
  const curve = inProject('.cache', 'pretrain', `${run}.svg`)
  console.log(`Drawing fractals and training; Ctrl-C saves the run. The curve grows in ${relative(projectRoot, curve)}`)
  const { trained, card } = await pretrainOnFractals(options, {
    onProgress: progress => {
      showTraining(progress)
      drawCurve(curve, run, progress)
    },
    signal, checkpoint: { folder, everySteps: 250 },
  })
  if (!card) return console.log(`\nSaved after ${Math.round(trained.seconds)} s. The same command goes on from there.`)
  await remove(folder)
  console.log(`${join('data', 'weights', card.name)}.tensors: ${card.parameters.toLocaleString('en')} parameters, ` +
    `test accuracy ${card.result.testAccuracy.toFixed(3)}, ${card.seconds} s`)
}

/** Draws the learning curve again after every epoch. */
function drawCurve(path: string, title: string, { epoch, history }: TrainProgress): void {
  if (history.length < epoch) return
  writeFileAtomic(path, learningCurves(history, { title }).svg).catch((fault: Error) => console.error(fault.message))
}

function readOptions(words: string[]): Required<PretrainOptions> {
  const text = (standard: string) => ({ type: 'string' as const, default: standard })
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        width: text('half'), steps: text('1500'), classes: text('150'), images: text('64'),
        difficulty: text('plain'), seed: text('1'),
      },
    })
    const { width, difficulty, ...numbers } = values
    if (!Object.hasOwn(widths, width)) throw new Error(`--width ${width}`)
    const whole = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, wholeNumber(name, value)]))
    return { width: width as Width, difficulty: difficulty as Difficulty, ...whole } as Required<PretrainOptions>
  } catch (fault) {
    throw new LabError('bad-argument', { expected: usage, received: (fault as Error).message, remedy: 'Change the command' })
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`--${name} ${value}`)
  return Number(value)
}
