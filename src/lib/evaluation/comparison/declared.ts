/** Comparisons declared beforehand: one primary, and a named family of others whose p-values Holm adjusts. */
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'

/**
 * Holm's adjusted p-values (1979): where each one below .05 is called a finding, the chance of any false finding stays
 * below .05, however the tests depend on each other.
 * @param pValues 0 to 1
 * @returns in the order of `pValues`
 * @throws LabError 'bad-argument' for a p-value outside 0 to 1
 * @example statistics.holm([0.01, 0.04, 0.03])   // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  pValues.forEach(p => requireInRange('a p-value', p, { low: 0, high: 1 }))
  const adjusted = new Array<number>(pValues.length)
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b])
  let least = 0
  order.forEach((i, rank) => {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[i]))
    adjusted[i] = least
  })
  return adjusted
}

/** What is compared, written down before any test part is looked at. */
export interface Declaration {
  /** The one comparison that the study is for. Its p-value is not adjusted. */
  primary: string
  /** The family's name, such as 'other depths of freezing'. */
  family: string
  /** The family's comparisons, none left out: an adjustment over those that looked good adjusts nothing. */
  secondary: readonly string[]
}

/** One comparison of a declaration. */
export interface DeclaredResult {
  comparison: string
  /** 'primary', or the family's name. */
  role: string
  pValue: number
  /** By Holm within the family; of the primary comparison the p-value itself. */
  adjusted: number
}

/**
 * Judges the comparisons that were declared, and no other: a comparison that is missing, or that nobody declared, is
 * refused.
 * @param pValues by comparison
 * @throws LabError 'bad-argument' where the names differ from those declared, a name comes twice, or a p-value lies
 *   outside 0 to 1
 * @example
 * const declared = { primary: 'all', family: 'depths', secondary: ['conv5', 'conv4'] }
 * statistics.judgeDeclared(declared, { all: 0.01, conv5: 0.02, conv4: 0.04 })[1].adjusted   // 0.04
 */
export function judgeDeclared(
  declaration: Declaration, pValues: Readonly<Record<string, number>>,
): DeclaredResult[] {
  requireKnownKeys('a declaration', declaration ?? null, { primary: true, family: true, secondary: true })
  const { primary, family, secondary } = declaration
  const declared = [primary, ...secondary], received = Object.keys(pValues)
  if (new Set(declared).size < declared.length) throw differs('comparisons with different names', declared.join(', '))
  const missing = declared.filter(name => !received.includes(name))
  const extra = received.filter(name => !declared.includes(name))
  if (missing.length) throw differs(`a p-value for ${missing.join(', ')}, as declared`, received.join(', ') || 'none')
  if (extra.length) throw differs(`declared comparisons: ${declared.join(', ')}`, extra.join(', '))
  declared.forEach(name => requireInRange(`the p-value of ${name}`, pValues[name], { low: 0, high: 1 }))
  const adjusted = holm(secondary.map(name => pValues[name]))
  return [
    { comparison: primary, role: 'primary', pValue: pValues[primary], adjusted: pValues[primary] },
    ...secondary.map((name, i) => ({ comparison: name, role: family, pValue: pValues[name], adjusted: adjusted[i] })),
  ]
}

function differs(expected: string, received: string): LabError {
  return new LabError('bad-argument', { expected, received, remedy: 'Judge exactly the comparisons that were declared' })
}
