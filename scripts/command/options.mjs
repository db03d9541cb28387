/**
 * The words behind a command: `--name value`, `--flag`, and words without dashes. `--help` shows what there is.
 * Plain JavaScript on Node's own modules: the set-up reads options before anything is installed.
 */
import { parseArgs } from 'node:util'

/**
 * What a command is called with.
 * @template {string} Name
 * @template {string} Flag
 * @typedef {object} CommandDescription
 * @property {string} usage how to call it, such as 'npm run data -- NAME [--from PATH]'
 * @property {string} does what it does, in a sentence or two
 * @property {Readonly<Record<Name, string>>} [values] options with a value, and what each means
 * @property {Readonly<Record<Flag, string>>} [flags] options without a value, and what each means
 * @property {readonly [low: number, high: number]} [words] how many words without dashes; default none
 */

/**
 * @template {string} Name
 * @template {string} Flag
 * @typedef {object} Options
 * @property {readonly string[]} words those without dashes, in order
 * @property {(flag: Flag) => boolean} flag whether the flag was set
 * @property {(name: Name) => string | undefined} text the option's value; undefined without the option
 * @property {<Word extends string, Default>(name: Name, allowed: readonly Word[], fallback: Default) =>
 *   Word | Default} oneOf one of the words allowed; `fallback` without the option
 * @property {<Default>(name: Name, fallback: Default) => number | Default} whole a whole number from 0
 * @property {<Default>(name: Name, fallback: Default) => number | Default} decimal a number from 0, such as .2
 * @property {(expected: string, received: string) => never} refuse throws a UsageError
 */

/** A command that was called in a way that it does not know. Its message is one line, with the usage. */
export class UsageError extends Error {
  /** @param {string} expected @param {string} received @param {string} remedy phrases without a full stop */
  constructor(expected, received, remedy) {
    super(`bad-argument: expected ${expected}, received ${received}. ${remedy}.`)
    this.name = 'UsageError'
    this.code = 'bad-argument'
    this.expected = expected
    this.received = received
    this.remedy = remedy
  }
}

/** Thrown for `--help`: `runCommand` prints the message and ends with status 0. */
export class HelpRequest extends Error {}

/**
 * Reads a command's words. An unknown option, a missing value or a wrong number of words is a UsageError.
 * @template {string} Name
 * @template {string} [Flag=never]
 * @param {readonly string[]} args
 * @param {CommandDescription<Name, Flag>} description
 * @returns {Options<Name, Flag>}
 * @throws UsageError, HelpRequest
 */
export function readOptions(args, description) {
  const { usage, words: [low, high] = [0, 0] } = description
  const refuse = (expected, received) => { throw new UsageError(expected, received, `Usage: ${usage}`) }
  const { values, positionals } = parse(args, description, refuse)
  if (values.help) throw new HelpRequest(helpText(description))
  if (positionals.length < low || positionals.length > high)
    refuse(high === 0 ? 'options only' : low === high ? count(low) : `${low} to ${count(high)}`,
      positionals.join(' ') || 'none')
  const text = name => values[name]
  const number = (name, pattern, kind, fallback) =>
    text(name) === undefined ? fallback
      : pattern.test(text(name)) ? Number(text(name)) : refuse(`--${name} to be ${kind}`, `--${name} ${text(name)}`)
  return {
    words: positionals, text, refuse,
    flag: name => values[name] === true,
    oneOf: (name, allowed, fallback) =>
      text(name) === undefined ? fallback
        : allowed.find(word => word === text(name)) ?? refuse(`--${name} ${allowed.join(' or ')}`, `--${name} ${text(name)}`),
    whole: (name, fallback) => number(name, /^\d+$/, 'a whole number', fallback),
    decimal: (name, fallback) => number(name, /^\d*\.?\d+$/, 'a number from 0', fallback),
  }
}

/**
 * For commands that hand all other words to another program.
 * @param {readonly string[]} args
 * @param {CommandDescription<string, string>} description
 * @throws HelpRequest where the words ask for help
 */
export function checkForHelp(args, description) {
  if (args.some(word => word === '--help' || word === '-h')) throw new HelpRequest(helpText(description))
}

function parse(args, { values = {}, flags = {} }, refuse) {
  const options = { help: { type: 'boolean', short: 'h' } }
  for (const name of Object.keys(values)) options[name] = { type: 'string' }
  for (const name of Object.keys(flags)) options[name] = { type: 'boolean' }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    return refuse('options that the command knows', error.message.split('. ')[0])
  }
}

function count(words) {
  return words === 1 ? 'one word' : `${words} words`
}

/** @param {CommandDescription<string, string>} description */
function helpText({ usage, does, values = {}, flags = {} }) {
  const lines = [
    ...Object.entries(values).map(([name, meaning]) => [`--${name} …`, meaning]),
    ...Object.entries(flags).map(([name, meaning]) => [`--${name}`, meaning]),
    ['--help', 'shows this text'],
  ]
  const width = Math.max(...lines.map(([option]) => option.length))
  return [usage, '', does, '', ...lines.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`)].join('\n')
}
