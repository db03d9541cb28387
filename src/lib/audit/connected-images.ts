/** Groups of images that pairs connect: the connected components of a graph (union–find). */
import { groups } from 'd3-array'

/**
 * The groups of two images or more that pairs connect, directly or through others; the largest first, among equals in
 * the order of their first images.
 * @param pairs of indices, in any order
 * @returns ascending indices
 */
export function connectedImages(pairs: Iterable<readonly [number, number]>): number[][] {
  const above = new Map<number, number>()
  const rootOf = (image: number): number => {
    let root = image
    for (let next = above.get(root)!; next !== root; next = above.get(root)!) root = next
    // Each image on the way points to the root from now on, so that long chains stay short.
    for (let at = image; at !== root;) {
      const next = above.get(at)!
      above.set(at, root)
      at = next
    }
    return root
  }
  for (const [a, b] of pairs) {
    for (const image of [a, b]) if (!above.has(image)) above.set(image, image)
    const [first, second] = [rootOf(a), rootOf(b)].sort((x, y) => x - y)
    above.set(second, first)
  }
  const images = [...above.keys()].sort((a, b) => a - b)
  return groups(images, rootOf).map(([, members]) => members)
    .filter(members => members.length > 1).sort((a, b) => b.length - a.length || a[0] - b[0])
}
