/** Layers that make an image smaller: the largest of each window, every second pixel, the mean of all. */
import { release, type Tensor } from '../../engine/engine'
import { operations, type Window } from '../../engine/operations-in-use'
import { noParameters, type Backward, type Layer } from './layer'

export function maxPooling(name: string, inputs: readonly string[], window: Window): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [],
    remembers: { inputs: [0], y: true },
    forward: ([x]) => operations().maxPool(x, window),
    backward: (dy, { inputs: [x], y, saved }) => passOn(dy, operations().maxPoolGradient(dy, x, y, saved, window)),
  }
}

/** Every second row and column, read once for all 1×1 convolutions of stride 2 that follow. */
export function subsample(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [],
    remembers: { inputs: [], y: false },
    forward: ([x]) => ({ y: operations().subsample(x), saved: [] }),
    backward: (dy, { inputs: [x] }) => passOn(dy, operations().subsampleGradient(x.shape, dy)),
  }
}

/** [n, h, w, c] → [n, c] */
export function globalAveragePooling(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [],
    remembers: { inputs: [], y: false },
    forward: ([x]) => ({ y: operations().averageOverSpace(x), saved: [] }),
    backward: (dy, { inputs: [x] }) => passOn(dy, operations().averageOverSpaceGradient(x.shape, dy)),
  }
}

function passOn(dy: Tensor, dx: Tensor): Backward {
  release(dy)
  return { inputs: [dx], parameters: noParameters }
}
