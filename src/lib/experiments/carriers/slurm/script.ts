/** The scripts that Slurm runs on its nodes, and the words that submit them. Nothing here touches the disk. */
import { LabError } from '../../../system/errors'
import type { SlurmRequest } from './options'
import { formatTimeLimit, warningBefore } from './time-limit'

/** A word that bash reads as this text. @throws LabError 'bad-argument' for a NUL or a line break */
export function quoted(text: string): string {
  if (/[\0\r\n]/.test(text))
    throw new LabError('bad-argument', {
      expected: 'paths and words of one line', received: JSON.stringify(text), remedy: 'Rename it without line breaks',
    })
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** What a script runs. */
export interface NodeCommand {
  /** The project's folder. */
  project: string
  /** The path of Node. */
  node: string
  /** The program and its words. */
  words: readonly string[]
  /** Environment variables to set. Those that the user has are passed on by sbatch. */
  variables: Readonly<Record<string, string>>
  /** Environment variables to remove. */
  removed?: readonly string[]
}

/**
 * A bash script that runs a program of the project. The program takes the shell's place, so it receives the signals
 * that Slurm sends to the batch shell.
 */
export function nodeScript({ project, node, words, variables, removed = [] }: NodeCommand): string {
  for (const name of [...Object.keys(variables), ...removed])
    if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new LabError('bad-argument', {
      expected: 'names of environment variables in capitals', received: JSON.stringify(name), remedy: 'Rename it',
    })
  return [
    '#!/bin/bash',
    `cd ${quoted(project)} || exit 1`,
    ...removed.map(name => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec ${[node, '--import', 'tsx', ...words].map(quoted).join(' ')}`, '',
  ].join('\n')
}

/** A job to be submitted. */
export interface JobRequest extends SlurmRequest {
  name: string
  /** The path of the script. */
  script: string
  /** The path of the file that receives what the program prints; %a stands for the number of the task. */
  output: string
}

/**
 * The words for sbatch that submit a job array. Slurm signals a task before its time limit with USR2: TERM would not
 * do, because scancel and preemption send it too, and a cancelled task must not return to the queue.
 * @param tasks 1 or more
 * @throws LabError 'bad-argument' for a path that sbatch cannot take
 */
export function arrayWords(job: JobRequest, tasks: number): string[] {
  const { cpus, gpus, atOnce, seconds } = job
  return [
    ...commonWords(job), `--array=0-${tasks - 1}%${atOnce}`, `--cpus-per-task=${cpus}`,
    ...(gpus ? [`--gres=gpu:${gpus}`] : []), '--requeue', `--signal=B:USR2@${warningBefore(seconds)}`, job.script,
  ]
}

/** The words for sbatch that submit a job of one core after all tasks of an array have ended, however they have. */
export function afterArrayWords(job: JobRequest, array: number): string[] {
  return [...commonWords(job), '--cpus-per-task=1', '--requeue', `--dependency=afterany:${array}`, job.script]
}

function commonWords({ name, partition, seconds, memory, output, script }: JobRequest): string[] {
  // sbatch replaces patterns in the path, and a backslash turns that off.
  if (/\\|[\0\r\n]/.test(output) || /[\0\r\n]/.test(script))
    throw new LabError('bad-argument', {
      expected: 'a folder of runs whose path has no backslash and no line break', received: JSON.stringify(output),
      remedy: 'Rename the folder',
    })
  return [
    '--parsable', `--job-name=${name}`, `--time=${formatTimeLimit(seconds)}`, '--nodes=1', '--ntasks=1',
    ...(partition === null ? [] : [`--partition=${partition}`]), ...(memory === null ? [] : [`--mem=${memory}M`]),
    '--open-mode=append', `--output=${output}`,
  ]
}

/** A path for `output`, in which sbatch replaces nothing. */
export function literalPath(path: string): string {
  return path.replaceAll('%', '%%')
}
