/** Layers that shrink a feature map: max pooling, subsampling, global average pooling. */
import { release, type Tensor } from '../../engine/engine'
import { operations, type Window } from '../../engine/operations-in-use'
import { noParameters, type BackwardResult, type Layer } from './layer'

/** The largest number of each window. Backward, the gradient of a window goes to its largest number. */
export function maxPooling(name: string, inputs: readonly string[], window: Window): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [],
    savedForBackward: { inputs: [0], y: true },
    forward: ([x]) => operations().maxPool(x, window),
    backward: (dy, { inputs: [x], y, saved }) =>
      inputGradient(dy, () => operations().maxPoolGradient(dy, x, y, saved, window)),
  }
}

/** Every second row and column: computed once for all 1×1 convolutions of stride 2 that read the same map. */
export function subsample(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [],
    savedForBackward: { inputs: [], y: false },
    forward: ([x]) => ({ y: operations().subsample(x), saved: [] }),
    backward: (dy, { inputs: [x] }) => inputGradient(dy, () => operations().subsampleGradient(x.shape, dy)),
  }
}

/** The mean of each channel over height and width: [n, h, w, c] → [n, c]. */
export function globalAveragePooling(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [],
    savedForBackward: { inputs: [], y: false },
    forward: ([x]) => ({ y: operations().averageOverSpace(x), saved: [] }),
    backward: (dy, { inputs: [x] }) => inputGradient(dy, () => operations().averageOverSpaceGradient(x.shape, dy)),
  }
}

/** The result of a layer without parameters; releases `dy`. */
function inputGradient(dy: Tensor, make: () => Tensor): BackwardResult {
  try {
    return { inputs: [make()], parameters: noParameters }
  } finally {
    release(dy)
  }
}
