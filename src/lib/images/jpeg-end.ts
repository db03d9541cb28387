/** Whether a JPEG ends. */

/** Markers' second bytes; the first is 0xff. ITU-T T.81, table B.1. */
const startOfImage = 0xd8, endOfImage = 0xd9

/**
 * Whether a JPEG's last scan ends with an end marker. Without one the picture is cut: a copy that was interrupted may
 * end in zeros, which decoders take for grey blocks.
 * @param bytes the whole file
 * @returns null where the bytes are no JPEG
 */
export function jpegEnds(bytes: Uint8Array): boolean | null {
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage) return null
  for (let at = 2; at + 1 < bytes.length;) {
    if (bytes[at] !== 0xff) {
      // Within a scan, and in stray bytes: only a marker matters.
      const next = bytes.indexOf(0xff, at)
      if (next < 0) return false
      at = next
      continue
    }
    const marker = bytes[at + 1]
    if (marker === endOfImage) return true
    // A filling byte, a byte 0xff of a scan, or a marker without content.
    if (marker === 0xff) at++
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= startOfImage)) at += 2
    else at += 2 + Math.max(2, 256 * (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0))
  }
  return false
}
