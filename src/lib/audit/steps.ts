/** The steps of an audit, and how an audit that is stopped leaves out the rest. */
import type { Progress } from '../data/dataset'
import type { Finding, Question } from './finding'

/** The steps, in order. Each stage that an audit reports begins with a step's name. */
export const auditSteps = ['duplicates', 'patients', 'classifiers', 'another set', 'labels', 'images'] as const

/** A step's name. */
export type Step = typeof auditSteps[number]

/** What every step of an audit takes. */
export interface Watch {
  onProgress: Progress
  signal?: AbortSignal
}

/** Runs the steps of an audit until a signal fires. */
export class Steps {
  constructor(
    private readonly asked: readonly Question[], private readonly onProgress?: Progress,
    private readonly signal?: AbortSignal,
  ) {}

  /** Whether a question is asked. */
  asks(question: Question): boolean {
    return this.asked.includes(question)
  }

  /** Whether the signal ended the audit. */
  get stopped(): boolean {
    return this.signal?.aborted ?? false
  }

  /**
   * What a step finds.
   * @param needed whether any question needs it
   * @returns null where none does, or where the audit was stopped before the step's end
   */
  async run<Found>(name: Step, needed: boolean, find: (watch: Watch) => Promise<Found>): Promise<Found | null> {
    if (this.stopped || !needed) return null
    const onProgress: Progress = (stage, done, total) => this.onProgress?.(`${name}: ${stage}`, done, total)
    try {
      return await find({ onProgress, ...(this.signal ? { signal: this.signal } : {}) })
    } catch (fault) {
      if (this.stopped && fault === this.signal!.reason) return null
      throw fault
    }
  }

  /** Findings about what was asked only, and an 'unknown' for each question that the audit did not reach. */
  answers(findings: readonly Finding[]): Finding[] {
    const answered = new Set(findings.map(({ question }) => question))
    const open = this.stopped ? this.asked.filter(question => !answered.has(question)) : []
    return [
      ...findings.filter(({ question }) => this.asks(question)),
      ...open.map((question): Finding =>
        ({ question, verdict: 'unknown', sentence: 'The audit was stopped before it had an answer.' })),
    ]
  }
}
