/**
 * The project's environment variables: which there are, which values they take, and what is wrong with those that are
 * set. Plain JavaScript: the set-up looks at them before anything is installed.
 */
import { mostAlike, nearest } from './nearest.mjs'

/**
 * @typedef {'LAB_DATA' | 'LAB_PROFILE' | 'LAB_ENGINE' | 'LAB_THREADS' | 'LAB_WORKERS' | 'LAB_FEATURE_CACHE'
 *   | 'LAB_DETERMINISTIC' | 'LAB_OPERATIONS' | 'LAB_PYTHON' | 'LAB_DATA_FOLDER' | 'LAB_RUNS_FOLDER' | 'LAB_KAGGLE'
 *   | 'LAB_RESULTS_FOLDER' | 'LAB_ORACLE' | 'LAB_DEVICE' | 'LAB_PRECISION' | 'LAB_STEP'} VariableName
 */

/**
 * What a variable may be: one of some words, or a whole number. The others are checked where they are read.
 * @type {Readonly<Record<VariableName, { words?: readonly string[], low?: number, high?: number, unit?: string }>>}
 */
const variables = {
  LAB_DATA: {}, LAB_PYTHON: {},
  LAB_PROFILE: { words: ['tiny', 'quick', 'full'] },
  LAB_ENGINE: { words: ['native', 'gpu', 'wasm'] },
  LAB_THREADS: { low: 1, high: 4096 },
  LAB_WORKERS: { low: 0, high: 64 },
  LAB_FEATURE_CACHE: { low: 0, unit: 'MiB' },
  LAB_DETERMINISTIC: { words: ['0', '1'] },
  LAB_PRECISION: { words: ['float32', 'tf32'] },
  LAB_OPERATIONS: { words: ['plain'] },
  LAB_STEP: { words: ['eager', 'graph', 'xla'] },
  // For tests and the benchmark.
  LAB_DATA_FOLDER: {}, LAB_RUNS_FOLDER: {}, LAB_RESULTS_FOLDER: {}, LAB_KAGGLE: {}, LAB_ORACLE: {}, LAB_DEVICE: {},
}

/** The names of all variables. */
export const variableNames = /** @type {VariableName[]} */ (Object.keys(variables))

/**
 * What is wrong with a variable's value, as the parts of an error; null where nothing is. An empty value is none.
 * @param {VariableName} name
 * @param {string | undefined} value
 * @returns {{ expected: string, received: string, remedy: string } | null}
 */
export function wrongVariable(name, value) {
  const { words, low, high = Infinity, unit } = variables[name]
  if (!value) return null
  const received = `'${value.slice(0, 200)}'`
  if (words && !words.includes(value)) {
    const quoted = words.map(word => `'${word}'`)
    const expected = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : quoted.join()
    return { expected: `${name} to be ${expected}`, received, remedy: `Nearest: '${nearest(value, words, 1)[0]}'` }
  }
  if (low === undefined || (/^\d+$/.test(value) && Number(value) >= low && Number(value) <= high)) return null
  const bounds = high === Infinity ? '' : ` from ${low} to ${high}`
  return {
    expected: `${name} to be a whole number${unit ? ` of ${unit}` : ''}${bounds}`, received,
    remedy: `Change ${name}, or leave it out`,
  }
}

/**
 * The first variable with a wrong value, as the parts of an error; null where there is none.
 * @param {NodeJS.ProcessEnv} [environment]
 */
export function firstWrongVariable(environment = process.env) {
  return variableNames.map(name => wrongVariable(name, environment[name])).find(fault => fault !== null) ?? null
}

/**
 * A sentence for each variable that is named as the project names its variables, but is none of them: it does nothing.
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string[]}
 */
export function unknownVariables(environment = process.env) {
  const letters = (/** @type {string} */ name) => name.toUpperCase().replace(/[^A-Z]/g, '')
  const known = new Map(variableNames.map(name => [letters(name), name]))
  const unknown = Object.keys(environment).filter(name =>
    !variableNames.includes(/** @type {VariableName} */ (name))
    && (/^LAB_/i.test(name) || known.has(letters(name))))
  return unknown.sort().map(name => {
    const like = known.get(mostAlike(letters(name), known.keys()) ?? '')
    return `${name} does nothing: the project has no such variable. `
      + (like ? `Nearest: ${like}.` : 'docs/requirements.md lists them.')
  })
}
