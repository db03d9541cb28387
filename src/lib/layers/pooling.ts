/** Layers that make an image smaller: the largest of each window, every second pixel, the mean of all. */
import {
  averageOverSpace, averageOverSpaceGradient, maxPool, maxPoolGradient, subsample as everySecond, subsampleGradient,
  type Window,
} from '../kernels'
import { noParameters, type Layer } from './layer'

export function maxPooling(name: string, inputs: readonly string[], window: Window): Layer {
  return {
    name, inputs, trainable: false, variables: [],
    remembers: { inputs: true, y: true },
    forward: ([x]) => ({ y: maxPool(x, window), saved: [] }),
    backward: (dy, { inputs: [x], y }) => ({ inputs: [maxPoolGradient(x, y, dy, window)], parameters: noParameters }),
  }
}

/** Every second row and column, read once for all 1×1 convolutions of stride 2 that follow. */
export function subsample(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [],
    remembers: { inputs: false, y: false },
    forward: ([x]) => ({ y: everySecond(x), saved: [] }),
    backward: (dy, { xShapes }) => ({ inputs: [subsampleGradient(xShapes[0], dy)], parameters: noParameters }),
  }
}

/** [n, h, w, c] → [n, c] */
export function globalAveragePooling(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [],
    remembers: { inputs: false, y: false },
    forward: ([x]) => ({ y: averageOverSpace(x), saved: [] }),
    backward: (dy, { xShapes }) => ({ inputs: [averageOverSpaceGradient(xShapes[0], dy)], parameters: noParameters }),
  }
}
