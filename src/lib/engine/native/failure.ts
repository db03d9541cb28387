/** TensorFlow's errors, as the library's own. */
import { LabError } from '../../system/errors'
import type { Tensor } from '../tensor'
import { loadBinding } from './binding'

/**
 * How TensorFlow says that memory does not suffice: with its code 8, RESOURCE_EXHAUSTED; in words, as "OOM when
 * allocating tensor" and XLA's "Out of memory while trying to allocate"; for a copy to a card that has no room, "Dst
 * tensor is not initialized"; cuBLAS and cuDNN with codes of their own.
 */
const outOfMemory = new RegExp([
  String.raw`TF_Status: 8\b`, 'RESOURCE_EXHAUSTED', 'out of memory', String.raw`\bOOM\b`, 'OUT_OF_MEMORY',
  'failed to allocate', 'ALLOC_FAILED', 'ALLOCATION_FAILED', 'resource allocation failed',
  '(?:Dst|Src) tensor is not initialized',
].join('|'), 'i')

/**
 * The error for work that TensorFlow could not do: 'too-large' if memory does not suffice, else 'engine-failed'.
 * @param expected what TensorFlow was to do, such as 'Conv2D to run'
 * @param fault what TensorFlow's binding threw
 * @param inputs the tensors of the work, whose shapes the error names
 */
export function engineFailure(expected: string, fault: unknown, inputs: readonly Pick<Tensor, 'shape'>[]): LabError {
  if (fault instanceof LabError) return fault
  const { message } = fault as Error
  const tooLarge = outOfMemory.test(message)
  // A function reads hundreds of variables.
  const shapes = inputs.slice(0, 8).map(({ shape }) => `[${shape.join(', ')}]`).join(' ')
  return new LabError(tooLarge ? 'too-large' : 'engine-failed', {
    expected,
    received: shapes ? `${message} (${inputs.length === 1 ? 'shape' : 'shapes'} ${shapes})` : message,
    remedy: tooLarge ? tooLargeRemedy()
      : 'Check the shapes; `npm run doctor` tells whether the engine itself works',
  })
}

function tooLargeRemedy(): string {
  return loadBinding().capabilities.card
    ? 'Use smaller batches or images, or end other programs that use the card: `nvidia-smi` lists them'
    : 'Use smaller batches or images, or close other programs'
}
