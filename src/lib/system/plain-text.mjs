/** Text from files and their names, made safe to print. Plain JavaScript: commands load it before anything is built. */

/**
 * What a terminal obeys instead of showing it: control characters but for tabs and new lines, and what turns the
 * direction of text.
 */
// eslint-disable-next-line no-control-regex
const obeyed = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A text with \ufffd for each character that a terminal would obey. @param {string} text */
export function plainText(text) {
  return text.replace(obeyed, '\ufffd')
}
