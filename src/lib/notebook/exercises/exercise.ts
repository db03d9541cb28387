/** What an exercise is: the kind of answer it wants, and a judgement that never gives the answer away. */

/** The kinds of answer, by JavaScript's names for them. */
export interface AnswerKinds {
  number: number
  string: string
  boolean: boolean
  function: (...values: never[]) => unknown
  object: object
}

/** True, or a sentence that says what is wrong and where to look, not what would be right. */
export type Judgement = true | string

/** One exercise. */
export interface Exercise {
  kind: keyof AnswerKinds
  /** Gets an answer of that kind. What it throws counts as the answer's fault. */
  judge(answer: unknown): Judgement
}

/** A notebook's exercises by name. */
export type Exercises = Record<string, Exercise>

/**
 * Makes an exercise.
 * @example exercise('number', answer => answer > 1e6 || 'Fewer than a million train: which stage holds most?')
 */
export function exercise<Kind extends keyof AnswerKinds>(
  kind: Kind, judge: (answer: AnswerKinds[Kind]) => boolean | string,
): Exercise {
  return { kind, judge: answer => sentence(judge(answer as AnswerKinds[Kind])) }
}

/** An exercise whose answer is a number within `tolerance` of `truth`. */
export function exerciseNear(truth: number, tolerance: number, hint: { low: string; high: string }): Exercise {
  return exercise('number', answer => {
    if (Math.abs(answer - truth) <= tolerance) return true
    return answer < truth ? hint.low : hint.high
  })
}

/** One call of a student's function: what it is given, and what it must give back. */
export interface Case {
  given: readonly unknown[]
  expected: unknown
  /** What this case is about, said when it fails: 'a slice that is all black'. */
  about: string
}

/**
 * An exercise whose answer is a function, tried on cases; numbers, alone or in arrays, may differ by 1e-6 relative.
 * The first case that fails is named, with what came back.
 */
export function exerciseFunction(cases: readonly Case[]): Exercise {
  return exercise('function', answer => {
    for (const { given, expected, about } of cases) {
      const received = (answer as (...values: readonly unknown[]) => unknown)(...structuredClone(given))
      if (!alike(received, expected)) return `Wrong for ${about}: yours gives ${brief(received)}.`
    }
    return true
  })
}

function sentence(judgement: boolean | string): Judgement {
  return judgement === false ? 'Not yet.' : judgement
}

function alike(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b))
  if (isList(a) && isList(b)) return a.length === b.length && Array.from(b).every((value, i) => alike(a[i], value))
  return a === b
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

function brief(value: unknown): string {
  const text = isList(value) ? `[${Array.from(value).join(', ')}]` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
