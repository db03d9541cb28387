/** The words behind `npm run bench --`. */
import { availableParallelism } from 'node:os'
import { readOptions, UsageError, type CommandDescription } from '../scripts/command/options.mjs'
import { nearest } from '../src/lib/system/errors'
import { contenders, contendersByDefault, type ContenderName } from './contender'
import { rows, type Row } from './rows'

export interface BenchOptions {
  rows: readonly Row[]
  /** Null: those that take part by default on the device in use. */
  contenders: readonly ContenderName[] | null
  /** Numbers of threads to measure with, one after the other. */
  threads: readonly number[]
  /** Turns of each contender; null: each row's default. */
  rounds: number | null
  /** Whether to run only the rows and contenders that need seconds. */
  quick: boolean
  /** A file to write the result to. */
  json: string | null
  /** Whether the result, or its rows, replace those of the committed one. */
  record: boolean
  /** Whether all rows are requested. */
  all: boolean
}

const onRequest = Object.keys(contenders).filter(name => !contendersByDefault('processor').includes(name as ContenderName))

const description: CommandDescription<'only' | 'contenders' | 'threads' | 'rounds' | 'json', 'quick' | 'record'> = {
  usage: 'npm run bench [-- --quick] [--only ROW,…] [--contenders NAME,…] [--threads 2,4] [--rounds N] '
    + '[--json FILE], or npm run bench -- --record [--only ROW,…] [--threads 2,4] [--rounds N]',
  does: 'Measures this library, PyTorch, Keras, TensorFlow.js’s layers and OpenCV on the same work.\n'
    + `Rows: ${rows.map(row => row.name).join(', ')}.\nContenders: ${Object.keys(contenders).join(', ')}.\n`
    + `${onRequest.join(', ')} take part by default on a graphics card, elsewhere with --contenders.`,
  values: {
    only: 'the rows to measure', contenders: 'the programs to measure',
    threads: 'numbers of threads to measure with, one after the other; default LAB_THREADS, or all cores',
    rounds: 'turns of each contender', json: 'a file to write the result to',
  },
  flags: {
    quick: 'measures only the rows and contenders that need seconds',
    record: 'replaces the committed result in results/tables, or with --only those rows of it',
  },
}

/** @throws UsageError that says what there is */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const options = readOptions(args, description)
  const only = options.text('only'), named = options.text('contenders'), rounds = options.text('rounds')
  const quick = options.flag('quick'), record = options.flag('record')
  if (record && (named !== undefined || quick)) options.refuse('--record with all contenders', args.join(' '))
  const names = chosen('row', rows.map(row => row.name), only)
  return {
    rows: rows.filter(row => names.includes(row.name) && (!quick || only !== undefined || row.quick)),
    contenders: named === undefined ? null : chosen('contender', Object.keys(contenders) as ContenderName[], named),
    threads: (options.text('threads') ?? process.env.LAB_THREADS ?? String(availableParallelism())).split(',')
      .map(word => wholeNumber('threads', word, availableParallelism())),
    rounds: rounds !== undefined ? wholeNumber('rounds', rounds, 1000) : quick ? 2 : null,
    quick, json: options.text('json') ?? null, record, all: only === undefined && !quick,
  }
}

/** The names that a list with commas asks for, in the order of `names`; all without a list. */
function chosen<Name extends string>(what: string, names: readonly Name[], list?: string): readonly Name[] {
  const requested = list?.split(',') ?? names
  for (const name of requested)
    if (!names.includes(name as Name))
      throw new UsageError(`a ${what} such as ${nearest(name, names).join(', ')}`, name || 'nothing',
        `There are: ${names.join(', ')}`)
  return names.filter(name => requested.includes(name))
}

function wholeNumber(name: string, word: string, high: number): number {
  const value = Number(word)
  if (/^\d+$/.test(word) && value >= 1 && value <= high) return value
  throw new UsageError(`--${name} to be whole numbers from 1 to ${high}`, word || 'nothing', 'Change the command')
}
