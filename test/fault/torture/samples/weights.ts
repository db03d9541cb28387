/** Whole files of weights, models and checkpoints. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { evaluate } from '../../../../src/lib/inference/evaluate'
import { removeLabels } from '../../../../src/lib/training/contrastive/images'
import { trainContrastively } from '../../../../src/lib/training/contrastive/contrastive'
import { saveModel } from '../../../../src/lib/training/saved/save-model'
import { train } from '../../../../src/lib/training/train'
import { decodeSafetensors } from '../../../../src/lib/weights/formats/safetensors'
import { readWeightsFile } from '../../../../src/lib/weights/formats/weights-file'
import { readProjectWeights, saveProjectWeights } from '../../../../src/lib/weights/project-weights'
import { openModel } from '../../../../src/lib/weights/saved/open-model'
import { sealOf } from '../../../../src/lib/weights/saved/seal'
import { sha256 } from '../../../../src/lib/system/hash'
import { inProject } from '../../../../src/lib/system/project-root'
import { smallModel, smallSplit } from '../../../fixtures/small-network'
import type { MakeSample } from './sample'

const training = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 } as const
const contrastive = { epochs: 1, batch: 8 }
const released = (...parts: string[]) => inProject('test', 'fixtures', 'released', '0.1.0', ...parts)

const supervised = (folder: string) => train(smallModel(), smallSplit(), training, { checkpoint: { folder } })
const withoutLabels = (folder: string) =>
  trainContrastively(smallModel(), removeLabels(smallSplit()), contrastive, { checkpoint: { folder } })

function checkpoint(run: (folder: string) => Promise<unknown>): MakeSample {
  return async folder => {
    await run(folder)
    return { file: 'checkpoint.tensors', read: run }
  }
}

/** The hash of a file of tensors, as it stands in the file. */
function sealTensors(path: string): Buffer {
  const bytes = readFileSync(path)
  if (bytes.length >= 44) createHash('sha256').update(bytes.subarray(40)).digest().copy(bytes, 8)
  writeFileSync(path, bytes)
  return bytes
}

/** The same, sealed again after the damage. */
function sealed(make: MakeSample): MakeSample {
  return async folder => {
    const sample = await make(folder)
    return {
      ...sample, seal(copy) {
        const path = join(copy, sample.file), card = path.replace(/\.tensors$/, '.json'), bytes = sealTensors(path)
        if (!existsSync(card)) return
        const text = readFileSync(card, 'utf8').replace(/"sha256": "\w+"/, `"sha256": "${sha256(bytes)}"`)
        writeFileSync(card, text)
      },
    }
  }
}

/** A saved model whose description is sealed again, where it is still one. */
function sealedModel(make: MakeSample): MakeSample {
  return async folder => {
    const sample = await make(folder)
    return {
      ...sample, seal(copy) {
        const path = join(copy, sample.file)
        try {
          const { tensors, metadata } = decodeSafetensors(readFileSync(path), path)
          const facts = Object.fromEntries(Object.entries(metadata)
            .map(([name, text]) => [name, JSON.parse(text) as unknown]))
          const seal = sealOf(facts, new Map([...tensors].map(([name, { values }]) => [name, values])))
          writeFileSync(path, readFileSync(path, 'latin1').replace(String(facts.seal), seal), 'latin1')
        } catch { /* It stays as damaged as it is. */ }
      },
    }
  }
}

function projectWeights(kernels: 'float16' | 'int8', ending: '.tensors' | '.json'): MakeSample {
  return async folder => {
    const card = {
      name: 'resnet50-small', description: 'Made up.', recipe: { preprocessing: 'unit' as const }, result: { accuracy: 1 },
      seconds: 1, machine: 'none', licence: 'none',
    }
    const arrays = new Map([['a/kernel', { shape: [3, 3, 1, 2], values: new Float32Array(18).fill(0.5) }],
      ['a/bias', { shape: [2], values: Float32Array.of(1, 2) }]])
    await saveProjectWeights(card, arrays, folder, kernels)
    return { file: `resnet50-small${ending}`, read: copy => readProjectWeights(join(copy, 'resnet50-small.tensors')) }
  }
}

/** A model that the first released version wrote. @param path of what is opened, within its folder */
function model(source: string, file: string, path = ''): MakeSample {
  return async folder => {
    cpSync(released(source), folder, { recursive: true })
    return { file, read: copy => openModel(join(copy, path)) }
  }
}

/** Weights that another program wrote. */
function foreign(name: string): MakeSample {
  return async folder => {
    const file = name.replace(/\.gz$/, '')
    writeFileSync(join(folder, file), gunzipSync(readFileSync(inProject('test', 'golden', 'saved-weights', name))))
    return { file, read: copy => readWeightsFile(join(copy, file), []) }
  }
}

export const weightSamples: Readonly<Record<string, MakeSample>> = {
  'checkpoint': checkpoint(supervised), 'checkpoint, sealed': sealed(checkpoint(supervised)),
  'checkpoint, contrastive': checkpoint(withoutLabels), 'checkpoint, contrastive, sealed': sealed(checkpoint(withoutLabels)),
  'own weights': projectWeights('float16', '.tensors'),
  'own weights, 8 bits, sealed': sealed(projectWeights('int8', '.tensors')),
  'card': projectWeights('float16', '.json'),
  'model': async folder => {
    const small = smallModel(), split = smallSplit()
    await saveModel(small, join(folder, 'small'), { split, evaluation: await evaluate(small, split.test) })
    return { file: join('small', 'model.safetensors'), read: copy => openModel(join(copy, 'small')) }
  },
  'model with its training': model('trained', 'model.safetensors'),
  'model, sealed': sealedModel(model('trained', 'model.safetensors')),
  'exported safetensors': model('exported', 'weights.safetensors', 'weights.safetensors'),
  'Keras': model('exported', 'keras.h5', 'keras.h5'),
  'TensorFlow.js': model(join('exported', 'tfjs'), 'model.json'),
  'TensorFlow.js, numbers': model(join('exported', 'tfjs'), 'group1-shard1of1.bin'),
  'foreign safetensors': foreign('torchvision.safetensors.gz'),
  'foreign Keras': foreign('keras-2-weights.h5.gz'),
}
