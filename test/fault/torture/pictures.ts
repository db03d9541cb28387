/** Small pictures of two classes for imports. */
import sharp from 'sharp'
import type { ZipEntry } from '../../fixtures/zip'

/** Thirty pictures of each class, by their paths CLASS/NUMBER.png. */
export async function pictures(): Promise<ZipEntry[]> {
  const found: ZipEntry[] = []
  for (const [label, name] of ['ill', 'well'].entries())
    for (let i = 0; i < 30; i++) found.push({ name: `${name}/${i}.png`, bytes: await pictureOf(label, i) })
  return found
}

function pictureOf(label: number, index: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: 900 }, (_, i) => (i * (7 + index) + 100 * label) % 256)
  return sharp(data, { raw: { width: 30, height: 30, channels: 1 } }).png().toBuffer()
}
