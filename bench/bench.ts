/**
 * npm run bench: this library against PyTorch, Keras, TensorFlow.js's layers and OpenCV.
 *
 * All contenders have the same network, weights, batches and optimizer. Each runs in its own process; they take turns,
 * with the same number of threads on the same processors. Programs in Python run without the memory settings
 * (GLIBC_TUNABLES) that this project uses for itself, because their users run them without. What contenders compute
 * is compared before anything is timed. If this library's engine computes on a graphics card, so does PyTorch, and
 * torch.compile and mixed precision take part, too; Keras, which would not compute there, is then left out.
 *
 * Each row names the commit at which it was measured, with '+' if tracked files differed from that commit.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { runCommand } from '../scripts/command/main.mjs'
import { UsageError } from '../scripts/command/options.mjs'
import { progressLine } from '../src/lib/system/progress-line.mjs'
import { writeFileAtomic } from '../src/lib/system/files'
import { projectRoot } from '../src/lib/system/project-root'
import { contendersByDefault } from './contender'
import { deviceInUse } from './device'
import { judge } from './goals'
import { goalsNotRun } from './goals-not-run'
import { benchImages, type BenchImages } from './images'
import { commitOf, describeMachine, deviceOf } from './machine'
import { readBenchOptions, type BenchOptions } from './options'
import { goalsText, rowText } from './report'
import { summarize, type BenchResult, type LeftOut, type ResultRow } from './result'
import { performancePage, renewedPage, resultChart } from './page'
import { readRecorded, recordedFile, renewed } from './recorded'
import { contest } from './rounds'
import type { Row } from './rows'
import type { ImageList } from './task'

async function main(words: string[]): Promise<void> {
  const options = readBenchOptions(words)
  const machine = describeMachine()
  if (options.record && machine.card !== undefined) throw cardRecord(machine.card)
  const recorded = options.record && !options.all ? readRecorded({ machine, date: new Date().toISOString() }) : null
  console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB; ${machine.system}`)
  if (machine.card) console.log(machine.card)
  const rows: ResultRow[] = [], leftOut: LeftOut[] = []
  const images = imagesOnDemand()
  const { threads } = options, device = deviceOf(machine), asked = options.rows.map(({ name }) => name)
  const result = (): BenchResult => ({
    machine, date: new Date().toISOString(), threads: threads.length > 1 ? threads : threads[0],
    images: images.source(), rows, goals: judge(rows, device),
    leftOut, goalsNotRun: goalsNotRun({ rows, leftOut, device, threads, asked }),
  })
  for (const count of threads)
    for (const row of options.rows) {
      const found = await measured(row, count, options, images.open)
      rows.push(...found.rows)
      leftOut.push(...found.leftOut)
      // Written after every row, so that nothing is lost if a later row fails.
      if (options.json) writeWhole(resolve(options.json), asJson(result()))
    }
  console.log(`\n${goalsText(result())}`)
  if (options.record) await record(recorded ? renewed(recorded, result()) : result())
}

/** docs/performance.md has one machine's tables, and a processor's goals. */
function cardRecord(card: string): UsageError {
  return new UsageError('--record where this library computes on the processor', card, 'Write the result to a file with --json')
}

/** Replaces the committed result, its chart and the tables of docs/performance.md. */
async function record(result: BenchResult): Promise<void> {
  await writeFileAtomic(recordedFile(), asJson(result))
  await writeFileAtomic(recordedFile('svg'), resultChart(result).svg)
  const page = performancePage()
  await writeFileAtomic(page, renewedPage(readFileSync(page, 'utf8'), result))
  console.log('\nRecorded in results/tables and docs/performance.md. Check the sentences of that page: they quote figures, too.')
}

function asJson(result: BenchResult): string {
  return `${JSON.stringify(result, null, 1)}\n`
}

/** Writes to the user's path, which may lie outside the project. If writing fails, the old file is kept. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

/** One row at one number of threads. */
async function measured(
  row: Row, threads: number, { contenders, rounds, quick }: BenchOptions, images: () => Promise<ImageList>,
): Promise<Pick<BenchResult, 'rows'> & { leftOut: LeftOut[] }> {
  const requested = contenders ?? contendersByDefault(deviceInUse())
  const notAsked = row.contenders.flatMap(contender => {
    if (!requested.includes(contender)) return [{ contender, reason: 'not asked for' }]
    return quick && row.slow?.includes(contender) ? [{ contender, reason: '--quick leaves it out' }] : []
  })
  // Asked for each row, because contenders read their source when they start.
  const commit = commitOf(projectRoot)
  const display = progressLine(), title = `${row.name}, ${threads} of ${availableParallelism()} cores`
  const { turns, leftOut } = await contest({
    task: await row.task(images), threads,
    contenders: row.contenders.filter(name => !notAsked.some(({ contender }) => contender === name)),
    rounds: row.fixed ? row.rounds : rounds ?? row.rounds,
    timesOf: name => (row.slow?.includes(name) ? 1 : row.times),
    onTurn: (name, round) => display.show(`${title}: ${round ? `round ${round}, ${name}` : `setting up ${name}`}`),
    say: display.say,
  })
  const rows = summarize(row, threads, turns, commit)
  display.say(rows.length ? `\n${rowText(rows)}` : `${row.name}: no contender is here`)
  return { rows, leftOut: [...notAsked, ...leftOut].map(one => ({ row: row.name, threads, ...one })) }
}

/** The images are opened, or drawn, when the first row needs them. */
function imagesOnDemand() {
  let opened: Promise<BenchImages> | undefined
  let source = ''
  const open = async () => {
    const display = progressLine()
    const images = await (opened ??= benchImages((done, count) => display.show(`images: drawing ${done} of ${count}`)))
    if (!source) display.say(`Images: ${images.source}`)
    source = images.source
    return images.list
  }
  return { open, source: () => source }
}

void runCommand(main)
