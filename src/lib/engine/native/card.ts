/** The graphics card on which the native engine computes, and all that decides how it rounds. */
import { driverVersion } from '../../system/card.mjs'
import type { Card } from '../tensor'
import { requestedDeterminism, requestedPrecision } from './environment'

/** The functions of the compiled binding that the project's patch adds for cards. */
export interface CardFunctions {
  /** The first card, and cuDNN's version as one number, where they are loaded. */
  describeCard?(): { model?: string; cudnn?: number }
  /** Whether a card may round inputs of products to ten bits. */
  setTensorFloat32?(allowed: boolean): void
}

/** Sets how the card multiplies, and describes it. To be called once, before the first operation. */
export function prepareCard(binding: CardFunctions): Card {
  const precision = requestedPrecision()
  try {
    binding.setTensorFloat32?.(precision === 'tf32')
  } catch {
    // A TensorFlow without this switch: NVIDIA_TF32_OVERRIDE decides for cuBLAS and cuDNN, which multiply.
  }
  const { model = null, cudnn = null } = binding.describeCard?.() ?? {}
  return {
    model, precision, deterministic: requestedDeterminism(), cudnn: cudnn === null ? null : cudnnVersion(cudnn),
    driver: driverVersion(),
  }
}

/** '9.28.0' for 92800, '8.9.7' for 8907: cuDNN packs its version into one number. */
export function cudnnVersion(packed: number): string {
  const [major, minor] = packed < 90_000 ? [1000, 100] : [10_000, 100]
  return [Math.floor(packed / major), Math.floor(packed % major / minor), packed % minor].join('.')
}
