/** npm run pretrain -- fractals [--width half] [--steps 1500] [--classes 150] [--images 64] [--seed 1] */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { widths, type Width } from '../../src/lib/architecture'
import { LabError } from '../../src/lib/errors'
import { remove } from '../../src/lib/files'
import { pretrainOnFractals, type PretrainOptions } from '../../src/lib/pretrain/pretrain'
import { inProject } from '../../src/lib/project-root'
import type { TrainProgress } from '../../src/lib/training'

const usage = 'npm run pretrain -- fractals [--width half] [--steps 1500] [--classes 150] [--images 64] [--seed 1]'

/** Draws fractals, trains on them and leaves the project's own start weights. */
export async function fractals(words: string[], signal: AbortSignal): Promise<void> {
  const options = readOptions(words)
  const run = Object.values(options).join('-')
  const folder = inProject('.cache', 'pretrain', run)
  console.log('Drawing fractals and training; Ctrl-C saves the run.')
  const { trained, card } = await pretrainOnFractals(options, {
    onProgress: show, signal, checkpoint: { folder, everySteps: 250 },
  })
  if (!card) return console.log(`\nSaved after ${Math.round(trained.seconds)} s. The same command goes on from there.`)
  await remove(folder)
  console.log(`${join('data', 'weights', card.name)}.tensors: ${card.parameters.toLocaleString('en')} parameters, ` +
    `test accuracy ${card.result.testAccuracy.toFixed(3)}, ${card.seconds} s`)
}

function readOptions(words: string[]): Required<PretrainOptions> {
  const text = (standard: string) => ({ type: 'string' as const, default: standard })
  try {
    const { values } = parseArgs({
      args: words,
      options: { width: text('half'), steps: text('1500'), classes: text('150'), images: text('64'), seed: text('1') },
    })
    if (!(values.width in widths)) throw new Error(`--width ${values.width}`)
    const { width, ...numbers } = values
    const whole = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, wholeNumber(name, value)]))
    return { width: width as Width, ...whole } as Required<PretrainOptions>
  } catch (fault) {
    throw new LabError('bad-argument', { expected: usage, received: (fault as Error).message, remedy: 'Change the command' })
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`--${name} ${value}`)
  return Number(value)
}

/** One line that changes in place on a terminal; one line an epoch elsewhere. */
function show({ epoch, epochs, step, steps, loss, accuracy, history, seconds }: TrainProgress): void {
  const ended = history.length === epoch
  const last = history[history.length - 1]
  const line = `epoch ${epoch} of ${epochs}, step ${step} of ${steps}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}` +
    (ended ? `, held out ${last.validationAccuracy.toFixed(3)}` : '') + `, ${Math.round(seconds)} s`
  if (process.stdout.isTTY) process.stdout.write(`\r${line.padEnd(100)}${ended ? '\n' : ''}`)
  else if (ended) console.log(line)
}
