/** This library as a contender. LAB_ENGINE says on which of its engines. */
import { describeEngine, read, release, tensor, tensorCount } from '../../../src/lib/engine'
import { freeze } from '../../../src/lib/freeze'
import { crossEntropy } from '../../../src/lib/loss'
import type { Model } from '../../../src/lib/model'
import { Network } from '../../../src/lib/network'
import { Optimizer } from '../../../src/lib/optimizer'
import { hashedBatch, hashedNetwork, settings } from '../inputs'
import { serve, timed, Unavailable, type Work } from '../serve'
import type { Task } from '../task'

async function setUp(task: Task): Promise<Work> {
  const wanted = process.env.LAB_ENGINE
  const { engine, tensorflow } = describeEngine()
  if (wanted && wanted !== engine) throw new Unavailable(`this library has no engine ${wanted} here`)
  return { version: `TensorFlow ${tensorflow}, ${engine}`, ...await workFor(task) }
}

async function workFor(task: Task): Promise<Omit<Work, 'version'>> {
  switch (task.kind) {
    case 'forward': return forward(task)
    case 'step': return step(task)
    default: throw new Unavailable(`${task.kind} is not there yet`)
  }
}

function forward({ size, batch, width }: Task & { kind: 'forward' }): Omit<Work, 'version'> {
  const { images, shape } = hashedBatch(batch, size)
  const network = new Network(hashedNetwork(size, width), 'infer')
  const input = tensor(images, shape)
  const run = () => scores(network, input)
  return { outputs: { logits: run() }, measure: timed(run) }
}

function step({ size, batch, width, frozenThrough }: Task & { kind: 'step' }): Omit<Work, 'version'> {
  const start = hashedNetwork(size, width)
  const model = frozenThrough ? freeze(start, { through: frozenThrough }) : start
  const { images, labels, shape } = hashedBatch(batch, size)
  const input = tensor(images, shape)
  const logits = scoresOnce(model, input)
  const network = new Network(model, 'train')
  const optimizer = new Optimizer({ name: 'adam', ...settings }, network.trainable)
  let steps = 0
  const run = () => {
    const output = network.trainForward(input, { seed: 0, step: steps++ })
    const { loss, gradient } = crossEntropy(read(output), labels, 2)
    const back = tensor(gradient, [batch, 2])
    optimizer.apply(network.backward(back), settings.rate)
    release(output, back)
    return loss
  }
  const losses = Array.from({ length: settings.trialSteps }, run)
  return { outputs: { logits, losses }, measure: times => ({ ...timed(run)(times), tensors: tensorCount() }) }
}

function scoresOnce(model: Model, input: ReturnType<typeof tensor>): number[] {
  const network = new Network(model, 'infer')
  const values = scores(network, input)
  network.close()
  return values
}

function scores(network: Network, input: ReturnType<typeof tensor>): number[] {
  const output = network.infer(input)
  const values = [...read(output)]
  release(output)
  return values
}

serve(setUp).catch((fault: unknown) => {
  console.error(fault)
  process.exitCode = 1
})
