/** The one error class of the library: what was expected, what was received, and what to do next. */
import { nearest } from './nearest.mjs'

export { nearest }

/** The kinds of errors. An error's message gives the details. */
export type ErrorCode =
  | 'bad-argument'
  | 'bad-archive'
  | 'bad-image'
  | 'bad-tensor-file'
  | 'bad-checkpoint'
  | 'collapsed'
  | 'damaged-file'
  | 'data-missing'
  | 'data-mismatch'
  | 'download-failed'
  | 'engine-missing'
  | 'engine-failed'
  | 'other-version'
  | 'outside-folder'
  | 'scheduler-failed'
  | 'scheduler-missing'
  | 'shape-mismatch'
  | 'too-large'
  | 'unknown-data-set'
  | 'unknown-layer'
  | 'unknown-weights'
  | 'weights-mismatch'
  | 'worker-failed'
  | 'write-failed'

/** The parts of an error's message. Each is a phrase, without a full stop. */
export interface ErrorParts {
  expected: string
  received: string
  /** What the user can do now: a command to run, or a change to make. */
  remedy: string
}

/** Every error that a user of the library can cause or repair. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly expected: string
  readonly received: string
  readonly remedy: string

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(`${code}: expected ${parts.expected}, received ${parts.received}. ${parts.remedy}.`)
    this.name = 'LabError'
    // Whoever works on the library runs its source, and sees all lines; whoever uses the build sees the user's.
    if (/[\\/]build[\\/]lib[\\/]/.test(this.stack ?? '')) this.stack = [this.message, ...userLines(this.stack)].join('\n')
    this.code = code
    this.expected = parts.expected
    this.received = parts.received
    this.remedy = parts.remedy
  }
}

// What a notebook's kernel and console.error print: the message, and no second list of its parts.
Object.defineProperty(LabError.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: LabError) { return [this.message, ...userLines(this.stack)].join('\n') },
})

/**
 * The lines of a stack that name the user's own files. Lines of cells are left out: the kernel runs another text than
 * the user wrote, so that their numbers would be wrong.
 */
function userLines(stack = ''): string[] {
  const foreign = /[\\/](?:build|src)[\\/]lib[\\/]|node:|node_modules|evalmachine|<anonymous>\)?$|\(index \d+\)$/
  return stack.split('\n').filter(line => /^\s+at /.test(line) && !foreign.test(line))
}

/** Which numbers an argument may be. */
export interface NumberRange {
  /** The lowest number allowed. */
  low?: number
  /** The highest number allowed. */
  high?: number
  /** Numbers must lie above this one. */
  above?: number
  /** Numbers must lie below this one. */
  below?: number
  /** Whether only whole numbers are allowed. Default false. */
  whole?: boolean
}

/**
 * The error for a number outside its range.
 * @param name the argument's, as the user writes it
 * @example throw outOfRange('rotation', 400, { low: 0, high: 360 })
 */
export function outOfRange(name: string, received: unknown, range: NumberRange, remedy?: string): LabError {
  return badArgument(name, describeRange(range), received, remedy ?? `Choose ${name} in this range`)
}

/** @throws LabError 'bad-argument' where `value` is no number in `range` */
export function requireInRange(name: string, value: unknown, range: NumberRange, remedy?: string): void {
  if (!isInRange(value, range)) throw outOfRange(name, value, range, remedy)
}

function isInRange(value: unknown, { low, high, above, below, whole }: NumberRange): boolean {
  return typeof value === 'number' && (whole ? Number.isSafeInteger(value) : Number.isFinite(value))
    && (low === undefined || value >= low) && (high === undefined || value <= high)
    && (above === undefined || value > above) && (below === undefined || value < below)
}

/**
 * The error for a word that is not among those allowed. It names the nearest allowed one.
 * @example throw oneOf('head', 'liner', ['linear', 'reference'])
 */
export function oneOf(name: string, received: unknown, allowed: readonly string[], remedy?: string): LabError {
  const quoted = allowed.map(word => `'${word}'`)
  const expected = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : quoted.join()
  const hint = typeof received === 'string' ? `Nearest: '${nearest(received, allowed, 1)[0]}'` : 'Choose one of them'
  return badArgument(name, expected, received, remedy ?? hint)
}

/** @throws LabError 'bad-argument' where `value` is not one of the words allowed */
export function requireOneOf(name: string, value: unknown, allowed: readonly string[], remedy?: string): void {
  if (!allowed.includes(value as string)) throw oneOf(name, value, allowed, remedy)
}

/**
 * The error for an array of another shape than the one needed.
 * @param name what has the shape, such as 'conv1_conv/kernel'
 */
export function wrongShape(
  name: string, received: readonly number[], expected: readonly number[], remedy = 'Choose arrays of the same shape',
): LabError {
  return new LabError('shape-mismatch', {
    expected: `${name} with shape [${expected.join(', ')}]`, received: `shape [${received.join(', ')}]`, remedy,
  })
}

/**
 * The error for a file whose content is not what its format promises.
 * @param fault what is wrong with it, such as 'rows[3].seed is no number'
 */
export function damagedFile(path: string, fault: string, remedy = 'Restore the file, or delete it'): LabError {
  return new LabError('damaged-file', { expected: `${path} to be whole`, received: fault, remedy })
}

/** The one wording for an argument that is not as it has to be. */
function badArgument(name: string, expected: string, received: unknown, remedy: string): LabError {
  return new LabError('bad-argument', { expected: `${name} to be ${expected}`, received: describeValue(received), remedy })
}

/** 'a whole number from 2 to 999', 'a number above 0, up to 100', 'a number from 0, below 1' */
function describeRange({ low, high, above, below, whole }: NumberRange): string {
  const start = low !== undefined ? `from ${low}` : above !== undefined ? `above ${above}` : ''
  const end = below !== undefined ? `below ${below}` : high === undefined ? '' : start ? `up to ${high}` : `of at most ${high}`
  const bounds = low !== undefined && high !== undefined ? `from ${low} to ${high}` : [start, end].filter(Boolean).join(', ')
  return `a ${whole ? 'whole ' : ''}number${bounds && ` ${bounds}`}`
}

/** A value as an error shows it: short, texts in quotes. */
function describeValue(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
