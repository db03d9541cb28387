/** This library's steps and forward passes on hashed images. */
import { describeEngine, read, release, tensor, tensorCount, type Tensor } from '../../../src/lib/engine/engine'
import { freeze } from '../../../src/lib/model/freeze'
import { crossEntropy } from '../../../src/lib/network/loss'
import type { Model } from '../../../src/lib/model/model'
import { Network } from '../../../src/lib/network/network'
import { Optimizer } from '../../../src/lib/training/optimizer'
import { hashedBatch, hashedNetwork, settings } from '../../inputs'
import { timed, type Work } from '../../serve'
import { countCalls } from './calls'
import type { Task } from '../../task'

type Unnamed = Omit<Work, 'version'>

export function forward({ size, batch }: Task & { kind: 'forward' }): Unnamed {
  const { images, shape } = hashedBatch(batch, size)
  const network = new Network(hashedNetwork(size), 'infer')
  const input = tensor(images, shape)
  const run = () => scores(network, input)
  return { outputs: { logits: run() }, measure: timed(run) }
}

export function step({ size, batch, width, frozenThrough }: Task & { kind: 'step' }): Unnamed {
  const start = hashedNetwork(size, width)
  const model = frozenThrough ? freeze(start, { through: frozenThrough }) : start
  const { images, labels, shape } = hashedBatch(batch, size)
  const input = tensor(images, shape)
  const logits = scoresOnce(model, input)
  const network = new Network(model, 'train')
  const { rate, beta1, beta2, epsilon } = settings
  const optimizer = new Optimizer({ name: 'adam', rate, beta1, beta2, epsilon }, network.trainable)
  const [changedLast] = network.trainable.values()
  const onCard = describeEngine().engine === 'gpu'
  let steps = 0
  const run = () => {
    const output = network.trainForward(input, { seed: 0, step: steps++ })
    const { loss, gradient } = crossEntropy(read(output), labels, 2)
    const back = tensor(gradient, [batch, 2])
    optimizer.apply(network.backward(back), settings.rate)
    release(output, back)
    // A card works asynchronously: the step is over when the weights that it changes last can be read.
    if (onCard) changedLast.numbers()
    return loss
  }
  const losses = Array.from({ length: settings.trialSteps }, run)
  const calls = countCalls(run) ?? undefined
  const measure = async (times: number) => ({ ...await timed(run)(times), tensors: tensorCount(), calls })
  return { outputs: { logits, losses }, measure }
}

function scoresOnce(model: Model, input: Tensor): number[] {
  const network = new Network(model, 'infer')
  const values = scores(network, input)
  network.close()
  return values
}

function scores(network: Network, input: Tensor): number[] {
  const output = network.infer(input)
  const values = [...read(output)]
  release(output)
  return values
}
