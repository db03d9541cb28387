/** Words that are most like another word. Plain JavaScript: the set-up runs before anything is installed. */

/**
 * The `count` names that are most like `name`, the nearest first (Levenshtein distance).
 * @param {string} name
 * @param {Iterable<string>} names
 * @param {number} [count]
 * @returns {string[]}
 */
export function nearest(name, names, count = 3) {
  const scored = [...names].map(candidate => ({ candidate, distance: editDistance(name, candidate) }))
  return scored.sort((a, b) => a.distance - b.distance).slice(0, count).map(s => s.candidate)
}

/**
 * The name that is most like `name`, if about a third of its letters differ at most; else null.
 * @param {string} name
 * @param {Iterable<string>} names
 * @returns {string | null}
 */
export function mostAlike(name, names) {
  const [like] = nearest(name, names, 1)
  // Two letters in the wrong order count as two.
  const limit = name.length < 4 ? 1 : Math.max(2, name.length / 3)
  return like !== undefined && editDistance(name, like) <= limit ? like : null
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    previous = row
  }
  return previous[b.length]
}
