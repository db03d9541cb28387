/**
 * npm run reproduce -- reference-notebook [--only ROW] [--weights none|fractal --width full|half|quarter] [--epochs 50]
 *   [--seed 42] [--data sars-cov-2-ct]
 *
 * Runs the reference notebook's protocol and records each finished run in results/tables. Ctrl-C saves the run; the
 * same command goes on with it. On another data set than the notebook's, rows are shown but not recorded.
 */
import { join } from 'node:path'
import { widths, type Width } from '../src/lib/model/architecture'
import { openDataset } from '../src/lib/data/registry'
import { remove } from '../src/lib/system/files'
import { stateOf } from '../src/lib/notebook/live/training'
import { progressDisplay } from '../src/lib/notebook/progress'
import { recordReferenceRow, referenceFile } from '../src/lib/experiments/plans/reference-notebook/recorded'
import { runReference, type ReferenceRun } from '../src/lib/experiments/run-reference'
import { referenceTable } from '../src/lib/experiments/plans/reference-notebook/row'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { toText } from '../src/lib/display/tables'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'

const usual = 'sars-cov-2-ct'

type ProtocolRun = Pick<ReferenceRun, 'weights' | 'width'>

/** The runs that are recorded beside the published one. */
const rows: Readonly<Record<string, ProtocolRun>> = {
  'scratch-half': { weights: 'none', width: 'half' },
  'fractal-half': { weights: 'fractal', width: 'half' },
  'scratch-full': { weights: 'none', width: 'full' },
  'fractal-full': { weights: 'fractal', width: 'full' },
}

const usage = `npm run reproduce -- reference-notebook [--only ${Object.keys(rows).join('|')}] `
  + '[--weights none|fractal --width full|half|quarter] [--epochs 50] [--seed 42] [--data NAME]'

async function main(words: string[], signal: AbortSignal): Promise<void> {
  const { runs, data } = readWords(words)
  const dataset = await openDataset(data)
  for (const run of runs) {
    const { weights, width, epochs, seed } = run
    const name = `${weights === 'none' ? 'scratch' : weights}-${width}-${epochs}-${seed}`
    console.log(`${name}: the reference protocol on ${dataset.title}. Ctrl-C saves the run.`)
    const folder = inProject('.cache', 'reproduce', 'reference-notebook', `${dataset.name.replace(/[^\w-]+/g, '-')}-${name}`)
    const display = progressDisplay()
    const row = await runReference(dataset, run, {
      onProgress: progress =>
        display.update(() => ({ title: name, ...stateOf(progress) }), progress.history.length === progress.epoch),
      signal, checkpoint: { folder, everySteps: 50 },
    })
    if (!row) return console.log('\nSaved. The same command goes on from there.')
    display.end({ title: name, share: 1, note: `${epochs} epochs`, seconds: 60 * row.minutes })
    if (dataset.name === usual) await recordReferenceRow(row)
    console.log(toText(referenceTable([row])))
    await remove(folder)
  }
  console.log(dataset.name === usual
    ? `Recorded in ${referenceFile().slice(join(projectRoot, '/').length)}`
    : `Not recorded: ${dataset.notice}`)
}

function readWords(words: string[]): { runs: ReferenceRun[]; data: string } {
  const options = readOptions(words, {
    usage, does: 'Runs the reference notebook’s protocol and records each finished run.', words: [1, 1],
    values: {
      only: 'the recorded row to run', weights: 'the start weights of another run', width: 'its width; default half',
      epochs: 'default 50', seed: 'default 42', data: 'the data set',
    },
  })
  if (options.words[0] !== 'reference-notebook') options.refuse('reference-notebook', options.words[0])
  const only = options.oneOf('only', Object.keys(rows), undefined)
  const weights = options.oneOf('weights', ['none', 'fractal'], undefined)
  const width = options.oneOf('width', Object.keys(widths) as Width[], 'half')
  const epochs = options.whole('epochs', 50), seed = options.whole('seed', 42)
  const one: ProtocolRun | null = weights ? { weights, width } : only ? rows[only] : null
  return { runs: (one ? [one] : Object.values(rows)).map(run => ({ ...run, epochs, seed })), data: options.text('data') ?? usual }
}

void runCommand(main, { savesOnInterrupt: true })
