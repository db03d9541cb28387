/** This library's steps and forward passes on hashed images. */
import { describeEngine, read, release, tensor, tensorCount, type Tensor } from '../../../src/lib/engine/engine'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { Network } from '../../../src/lib/network/network'
import { Learner } from '../../../src/lib/training/learner'
import { crossEntropyObjective } from '../../../src/lib/training/objective'
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
  const { rate, beta1, beta2, epsilon } = settings
  const learner = new Learner(model, { optimizer: { name: 'adam', rate, beta1, beta2, epsilon }, batch })
  const [changedLast] = learner.variables()
  const onCard = describeEngine().engine === 'gpu'
  const run = () => {
    const { loss } = learner.step(input, rate, crossEntropyObjective(labels, 2))
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
  const output = network.infer(input, true)
  const values = [...read(output)]
  release(output)
  return values
}
