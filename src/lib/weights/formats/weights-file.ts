/** Files of ResNet50's weights: the first bytes tell the format; the arrays get Keras's names and layout. */
import { open } from 'node:fs/promises'
import type { ParameterSpec } from '../../model/architecture'
import { LabError } from '../../system/errors'
import { readable, requireFile } from '../../system/files'
import type { Values } from './tensor-file'
import { readKerasWeights } from './keras-h5'
import { readSafetensors } from './safetensors'
import { fromTorch } from './torch-names'

/** 'keras': HDF5 as Keras writes it. 'safetensors': with the names of torchvision, timm or transformers. */
export type WeightsFormat = 'keras' | 'safetensors'

/**
 * Reads a file of ResNet50's weights.
 * @param parameters of the network that the weights are for
 * @returns arrays by Keras's names, in Keras's layout
 * @throws LabError 'bad-tensor-file' for a file of another format; 'data-missing', 'too-large'
 */
export async function readWeightsFile(
  path: string, parameters: readonly ParameterSpec[],
): Promise<Map<string, Values>> {
  if (await formatOf(path) === 'keras') return readKerasWeights(path)
  return fromTorch((await readSafetensors(path)).tensors, parameters)
}

/**
 * The format of a file of weights.
 * @throws LabError 'bad-tensor-file' for another format; a pickle is refused because reading it runs the programs in it
 */
export async function formatOf(path: string): Promise<WeightsFormat> {
  const letters = (await firstBytes(path)).toString('latin1')
  if (letters.startsWith('\x89HDF\r\n\x1a\n')) return 'keras'
  if (letters[8] === '{') return 'safetensors'
  const refused = (received: string, remedy: string) =>
    new LabError('bad-tensor-file', { expected: `${path} to be HDF5 or safetensors`, received, remedy })
  const zip = letters.startsWith('PK\x03\x04')
  if (letters[0] === '\x80' || (zip && letters.includes('.pkl')))
    throw refused('a pickle, which can run any program while it is read', 'Get the same weights as .safetensors: `npm run weights -- --list` names three')
  if (zip)
    throw refused('a zip archive', 'Save a Keras model with model.save(\'model.h5\'), a PyTorch one as .safetensors')
  throw refused('another format', 'Check that it is the file you meant')
}

async function firstBytes(path: string): Promise<Buffer> {
  await requireFile(path)
  return readable(path, async () => {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  })
}
