/**
 * Narrow networks in place of those that notebooks ask for. What a notebook says about a data set does not depend on
 * the width of its networks, but most of its time does. `notebooks.test.ts` runs the same cells at the width they name.
 */
import { vi } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import type { Values } from '../../src/lib/weights/formats/tensor-file'
import * as projectWeights from '../../src/lib/weights/project-weights'
import * as networks from '../../src/lib/weights/resnet50'

const original = { resnet50: networks.resnet50, load: projectWeights.loadProjectWeights }
const narrow = parameters(describeResNet50({ width: 'quarter', classes: 2 }))
type Kind = Parameters<typeof original.load>[0]
type Loaded = Awaited<ReturnType<typeof original.load>>
/** What was cut from the half width's weights, which take a third of a second to read. */
const corners = new Map<Kind, Loaded>()
const narrowShapes = new Map(narrow.map(({ name, shape }) => [name, shape]))

/** Until mocks are restored, ResNet50 has quarter width, and its fractal weights are a corner of the half width's. */
export function narrowNetworks(): void {
  vi.spyOn(networks, 'resnet50').mockImplementation(options => original.resnet50({ ...options, width: 'quarter' }))
  vi.spyOn(projectWeights, 'loadProjectWeights').mockImplementation(async kind => {
    if (!corners.has(kind)) corners.set(kind, await cornersOf(kind))
    const loaded = corners.get(kind)!
    // Each caller gets arrays of its own, as from a file.
    const weights = new Map([...loaded.weights].map(([name, { shape, values }]) =>
      [name, { shape, values: values.slice() }]))
    return { ...loaded, weights }
  })
}

async function cornersOf(kind: Kind): Promise<Loaded> {
  const loaded = await original.load(kind, 'half')
  const weights = new Map([...loaded.weights].map(([name, array]) =>
    [name, corner(array, narrowShapes.get(name) ?? array.shape)]))
  return { ...loaded, weights }
}

/** The first numbers along each axis. */
function corner({ shape, values }: Values, smaller: readonly number[]): Values {
  const cut = new Float32Array(smaller.reduce((product, length) => product * length, 1))
  for (let at = 0; at < cut.length; at++) {
    let rest = at, from = 0
    for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis], axis--) {
      from += (rest % smaller[axis]) * step
      rest = Math.floor(rest / smaller[axis])
    }
    cut[at] = values[from]
  }
  return { shape: smaller, values: cut }
}
