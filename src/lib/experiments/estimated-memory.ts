/** An estimate of the memory that a run takes, from its network's layers. */
import type { Model } from '../model/model'
import { countPredictionBytes, countTrainingBytes } from '../model/needed-memory'
import { describeResNet50 } from '../model/resnet50-layers'
import { defaultBatch } from '../training/config'
import type { ExperimentConfig, NetworkConfig } from './config'
import { frozenBelow } from './frozen-below'

/** What the library and the engine take before there is a network: .15 to .25 GB were measured. */
const processBytes = 0.25e9
/** What the engine takes for its first steps, operation by operation: see `bytesInEngine`. */
const firstStepsBytes = 0.115e9

/** About how many bytes the process of a run takes at its peak. */
export function estimatedMemory({ model: network, freezing, training }: ExperimentConfig): number {
  if (network.kind === 'baseline') return processBytes
  const model = withoutNumbers(network), { preparation } = network
  const needs = [countPredictionBytes(model, defaultBatch)]
  if (training)
    needs.push(countTrainingBytes(frozenBelow(model, freezing),
      { images: training.batch, slots: training.optimizer.name === 'sgd' ? 1 : 2 }))
  // Contrastive training sees two views of each image, and fractals train with Adam in steps of 64.
  if (preparation?.kind === 'contrastive')
    needs.push(countTrainingBytes(model, { images: 2 * (preparation.batch ?? defaultBatch), slots: 2 }))
  if (preparation?.kind === 'fractals') needs.push(countTrainingBytes(model, { images: defaultBatch, slots: 2 }))
  return processBytes + firstStepsBytes + Math.max(...needs)
}

/** Memory is counted from layers. Two classes stand for any number: the last layer is small. */
function withoutNumbers({ size, width, head }: NetworkConfig): Model {
  const architecture = describeResNet50({ size, width, head, classes: 2 })
  return {
    name: architecture.name, architecture, size, weights: new Map(), frozen: new Set(), labels: ['', ''], preprocessing: 'unit',
    start: 'none',
  }
}
