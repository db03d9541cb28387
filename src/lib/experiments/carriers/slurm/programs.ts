/** Calls Slurm's programs. No shell reads their words. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LabError } from '../../../system/errors'

const run = promisify(execFile)

/** Bytes of a program's largest answer: a line for each of 100,000 tasks. */
const largestAnswer = 64 * 1024 ** 2

/**
 * What a program of Slurm prints.
 * @throws LabError 'scheduler-missing' where this machine has no such program; 'scheduler-failed' with what it says
 */
export async function slurm(
  program: 'sbatch' | 'squeue' | 'scancel' | 'scontrol', words: readonly string[], env = process.env,
): Promise<string> {
  try {
    return (await run(program, words, { env, maxBuffer: largestAnswer })).stdout
  } catch (fault) {
    const { code, stderr = '', message } = fault as { code?: string | number; stderr?: string; message: string }
    if (code === 'ENOENT') throw new LabError('scheduler-missing', {
      expected: `Slurm's program ${program} on this machine`, received: 'none on the PATH',
      remedy: 'Run the command on the cluster’s login node, or leave out --on slurm to use this machine',
    })
    const said = stderr.trim().split('\n').map(line => line.replace(/^\w+: (error: |fatal: )?/, '').trim())
    throw new LabError('scheduler-failed', {
      expected: `${program} to succeed`, received: said.filter(Boolean).join('; ') || message.split('\n')[0],
      remedy: 'Change the option that Slurm refuses, or ask the cluster’s support; sinfo shows the partitions',
    })
  }
}

/** @throws LabError 'scheduler-missing' where this machine has no Slurm; 'scheduler-failed' where it has no cluster */
export async function requireSlurm(): Promise<void> {
  await slurm('sbatch', ['--version'])
}

/** How many tasks a job array of this cluster may have. */
export async function mostTasks(): Promise<number> {
  const [, size] = /^MaxArraySize\s*=\s*(\d+)$/m.exec(await slurm('scontrol', ['show', 'config'])) ?? []
  // Slurm's own default. The number of the last task is one less.
  return size === undefined ? 1001 : Number(size)
}
