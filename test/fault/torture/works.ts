/** The kinds of work that are killed, and which of a work's processes a kill ends. */

/** Each is in `work.ts` or `work-with-processes.ts`. */
export const works = [
  'supervised', 'contrastive', 'frozen features', 'a model saved again and again', 'a model exported for TensorFlow.js',
  'a model exported for Keras', 'a model exported as safetensors', 'predictions written again and again', 'images imported',
  'a zip imported by the command', 'a plan of two workers', 'a download',
] as const
export type Work = (typeof works)[number]

/** The process that the work began with; one that it has started since; or all of them at once. */
export type Victim = 'the first process' | 'a worker' | 'all processes'

const ofSeveral: Readonly<Partial<Record<Work, readonly Victim[]>>> = {
  'a plan of two workers': ['the first process', 'a worker', 'all processes'],
  'a zip imported by the command': ['all processes'],
}

/** Whom each kill of a work ends: one after the other, and then from the start again. */
export function victims(work: Work): readonly Victim[] {
  return ofSeveral[work] ?? ['the first process']
}
