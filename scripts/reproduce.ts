/**
 * npm run reproduce -- reference-notebook [--only ROW] [--weights none|fractal --width full|half|quarter] [--epochs 50]
 *   [--seed 42] [--data sars-cov-2-ct]
 *
 * Runs the reference notebook's protocol and records each finished run in results/tables. Ctrl-C saves the run; the
 * same command goes on with it. On another data set than the notebook's, rows are shown but not recorded.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { widths, type Width } from '../src/lib/model/architecture'
import { openDataset } from '../src/lib/data/registry'
import { LabError } from '../src/lib/system/errors'
import { remove } from '../src/lib/system/files'
import { stateOf } from '../src/lib/notebook/live/training'
import { progressDisplay } from '../src/lib/notebook/progress'
import { recordReferenceRow, referenceFile } from '../src/lib/experiments/plans/reference-notebook/recorded'
import { runReference, type ReferenceRun } from '../src/lib/experiments/run-reference'
import { referenceTable } from '../src/lib/experiments/plans/reference-notebook/row'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { toText } from '../src/lib/display/tables'

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

async function main(): Promise<void> {
  const { runs, data } = readOptions(process.argv.slice(2))
  const dataset = await openDataset(data)
  const cancel = new AbortController()
  process.once('SIGINT', () => cancel.abort())
  for (const run of runs) {
    const { weights, width, epochs, seed } = run
    const name = `${weights === 'none' ? 'scratch' : weights}-${width}-${epochs}-${seed}`
    console.log(`${name}: the reference protocol on ${dataset.title}. Ctrl-C saves the run.`)
    const folder = inProject('.cache', 'reproduce', 'reference-notebook', `${dataset.name.replace(/[^\w-]+/g, '-')}-${name}`)
    const display = progressDisplay()
    const row = await runReference(dataset, run, {
      onProgress: progress =>
        display.update(() => ({ title: name, ...stateOf(progress) }), progress.history.length === progress.epoch),
      signal: cancel.signal, checkpoint: { folder, everySteps: 50 },
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

function readOptions(words: string[]): { runs: ReferenceRun[]; data: string } {
  const text = { type: 'string' as const }
  try {
    const { values, positionals } = parseArgs({
      args: words, allowPositionals: true,
      options: {
        only: text, weights: text, width: text, data: { ...text, default: usual },
        epochs: { ...text, default: '50' }, seed: { ...text, default: '42' },
      },
    })
    const { only, weights, width = 'half', data } = values
    const [epochs, seed] = [wholeNumber('epochs', values.epochs), wholeNumber('seed', values.seed)]
    if (positionals.join(' ') !== 'reference-notebook') throw new Error(positionals.join(' ') || 'nothing to reproduce')
    if (only && !(only in rows)) throw new Error(`--only ${only}`)
    if (weights !== undefined && weights !== 'none' && weights !== 'fractal') throw new Error(`--weights ${weights}`)
    if (!(width in widths)) throw new Error(`--width ${width}`)
    const one: ProtocolRun | null = weights ? { weights, width: width as Width } : only ? rows[only] : null
    const chosen = one ? [one] : Object.values(rows)
    return { runs: chosen.map(run => ({ ...run, epochs, seed })), data }
  } catch (fault) {
    throw new LabError('bad-argument', { expected: usage, received: (fault as Error).message, remedy: 'Change the command' })
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`--${name} ${value}`)
  return Number(value)
}

main().catch((fault: unknown) => {
  console.error(fault instanceof LabError ? fault.message : fault)
  process.exitCode = 1
})
