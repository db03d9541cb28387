/** Time limits as Slurm writes them. */
import { LabError } from '../../../system/errors'

/**
 * Seconds of a time limit written HOURS:MINUTES:SECONDS or DAYS-HOURS:MINUTES:SECONDS. Slurm's other forms are refused:
 * it reads 2:00 as two minutes.
 * @throws LabError 'bad-argument'
 * @example parseTimeLimit('1-12:00:00')   // 129600
 */
export function parseTimeLimit(text: string): number {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d{1,3})-)?(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text) ?? []
  if (hours === undefined || (text.includes('-') && Number(hours) > 23))
    throw new LabError('bad-argument', {
      expected: 'time to be written HOURS:MINUTES:SECONDS or DAYS-HOURS:MINUTES:SECONDS', received: `'${text}'`,
      remedy: 'Write 2:00:00 for two hours, 1-12:00:00 for a day and a half',
    })
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
}

/** A time limit as sbatch reads it. @example formatTimeLimit(7200)   // '0-02:00:00' */
export function formatTimeLimit(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const minutes = seconds / 60, hours = minutes / 60
  return `${Math.floor(hours / 24)}-${two(hours % 24)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** Seconds before the time limit at which a task is told to save its run: a quarter of it, and at most five minutes. */
export function warningBefore(limit: number): number {
  return Math.min(300, Math.floor(limit / 4))
}
