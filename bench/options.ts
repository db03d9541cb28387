/** The words behind `npm run bench --`. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { LabError, nearest } from '../src/lib/system/errors'
import { contenders, type ContenderName } from './contender'
import { rows, type Row } from './rows'

export interface BenchOptions {
  rows: readonly Row[]
  contenders: readonly ContenderName[]
  /** Numbers of threads to measure with, one after the other. */
  threads: readonly number[]
  /** Turns of each contender; null leaves each row its own number. */
  rounds: number | null
  /** Whether only rows and contenders of seconds are wanted. */
  quick: boolean
  /** A file to write the result to. */
  json: string | null
  /** Whether the result replaces the committed one, or its rows those of the committed one. */
  record: boolean
  /** Whether all rows are wanted. */
  all: boolean
}

const usage = 'npm run bench [-- --quick] [--only ROW,…] [--contenders NAME,…] [--threads 2,4] [--rounds N] '
  + '[--json FILE], or npm run bench -- --record [--only ROW,…] [--threads 2,4] [--rounds N]'

/** @throws LabError 'bad-argument' saying what there is */
export function readOptions(words: readonly string[]): BenchOptions {
  const text = { type: 'string' as const }, flag = { type: 'boolean' as const, default: false }
  const read = () => {
    try {
      return parseArgs({
        args: [...words],
        options: { only: text, contenders: text, threads: text, rounds: text, json: text, quick: flag, record: flag },
      }).values
    } catch (fault) {
      throw unusable(usage, (fault as Error).message)
    }
  }
  const { only, contenders: named, threads, rounds, json, quick, record } = read()
  if (record && (named !== undefined || quick))
    throw unusable('--record with all contenders', words.join(' '))
  const wanted = chosen('row', rows.map(row => row.name), only)
  return {
    rows: rows.filter(row => wanted.includes(row.name) && (!quick || only !== undefined || row.quick)),
    contenders: chosen('contender', Object.keys(contenders) as ContenderName[], named),
    threads: (threads ?? process.env.LAB_THREADS ?? String(availableParallelism())).split(',')
      .map(word => wholeNumber('threads', word, availableParallelism())),
    rounds: rounds !== undefined ? wholeNumber('rounds', rounds, 1000) : quick ? 2 : null,
    quick, json: json ?? null, record, all: only === undefined && !quick,
  }
}

/** Those of the names that a list with commas asks for; all where there is none. */
function chosen<Name extends string>(what: string, names: readonly Name[], list?: string): readonly Name[] {
  const asked = list?.split(',') ?? names
  for (const name of asked)
    if (!names.includes(name as Name))
      throw unusable(`a ${what} such as ${nearest(name, names).join(', ')}`, name || 'nothing',
        `There are: ${names.join(', ')}`)
  return names.filter(name => asked.includes(name))
}

function wholeNumber(name: string, word: string, most: number): number {
  const value = Number(word)
  if (/^\d+$/.test(word) && value >= 1 && value <= most) return value
  throw unusable(`--${name} to be whole numbers from 1 to ${most}`, word || 'nothing')
}

function unusable(expected: string, received: string, remedy = 'Change the command'): LabError {
  return new LabError('bad-argument', { expected, received, remedy })
}
