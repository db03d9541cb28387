/** How this library reads image files as small grey images. */
import { dataFolder } from '../../../src/lib/data/data-folder'
import { loadPixels } from '../../../src/lib/data/resized-images'
import { openDataset } from '../../../src/lib/data/registry'
import { remove } from '../../../src/lib/system/files'
import { compared } from '../../inputs'
import { timed, type Work } from '../../serve'
import type { Task } from '../../task'

const size = 64

export async function decode({ images, cached }: Task & { kind: 'decode' }): Promise<Omit<Work, 'version'>> {
  const opened = await openDataset(images.dataset)
  // Another name, so that the user's cache is not touched.
  const name = 'bench-decode'
  const forget = () => remove(dataFolder(name))
  // Pixels are cached in memory by object: a new object has none.
  const load = () => loadPixels({ ...opened, name }, { size })
  await forget()
  const { data } = await load()
  const measure = async (times: number) => {
    const ms: number[] = []
    for (let i = 0; i < times; i++) {
      if (!cached) await forget()
      ms.push(...(await timed(load)(1)).ms)
    }
    return { ms }
  }
  return { outputs: { greyLevels: means(data) }, measure, close: forget }
}

/** Mean grey level of each of the first images. */
function means(data: Uint8Array): number[] {
  const area = size * size
  return Array.from({ length: compared }, (_, i) =>
    data.subarray(i * area, (i + 1) * area).reduce((sum, value) => sum + value, 0) / area)
}
