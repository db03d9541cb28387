/** The one error class of the library: what was expected, what came, and what to do next. */

/** What can go wrong. A code names the kind of fault; the message tells the case. */
export type ErrorCode =
  | 'bad-argument'
  | 'bad-archive'
  | 'bad-image'
  | 'bad-tensor-file'
  | 'bad-checkpoint'
  | 'collapsed'
  | 'data-missing'
  | 'data-mismatch'
  | 'download-failed'
  | 'engine-missing'
  | 'engine-failed'
  | 'outside-folder'
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
  /** What the user can do now: a command, or the change that helps. */
  remedy: string
}

/** Every fault that a user of the library can cause or mend. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly expected: string
  readonly received: string
  readonly remedy: string

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(`${code}: expected ${parts.expected}, received ${parts.received}. ${parts.remedy}.`)
    this.name = 'LabError'
    this.code = code
    this.expected = parts.expected
    this.received = parts.received
    this.remedy = parts.remedy
  }
}

/** The `count` names most like `name`, most alike first (Levenshtein distance). */
export function nearest(name: string, names: Iterable<string>, count = 3): string[] {
  const scored = [...names].map(candidate => ({ candidate, distance: editDistance(name, candidate) }))
  return scored.sort((a, b) => a.distance - b.distance).slice(0, count).map(s => s.candidate)
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    previous = row
  }
  return previous[b.length]
}
