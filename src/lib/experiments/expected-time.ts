/** How long runs will take, before they are begun: from what the network costs, and how fast this machine is at it. */
import type { Width } from '../model/architecture'
import type { Dataset } from '../data/dataset'
import { release, tensor } from '../engine/engine'
import { countStageCosts } from '../model/convolution-cost'
import { describeResNet50 } from '../model/resnet50-layers'
import { Network } from '../network/network'
import { resnet50 } from '../weights/resnet50'
import { foldCount } from './plans/four-strategies/plan'
import { strategyRecipe } from './strategy-runner'
import { featureDepths, trainingDepths, type StrategyRun } from './plans/four-strategies/strategy-run'

/** A baseline's fit, in seconds: any processor does it in a few. */
const baselineSeconds = 5
const batch = 64, size = 64

/** Multiplications a second that training at a width does here, from two steps on empty images. */
export async function measuredSpeed(width: Width): Promise<number> {
  const model = await resnet50({ classes: ['a', 'b'], weights: 'none', width, size })
  const network = new Network(model, 'train')
  const images = tensor(new Float32Array(batch * size * size * 3), [batch, size, size, 3])
  const slope = tensor(new Float32Array(batch * 2).fill(1), [batch, 2])
  try {
    let seconds = 0
    // The first step also warms up.
    for (const step of [0, 1]) {
      const begun = performance.now()
      release(network.trainForward(images, { seed: 0, step }))
      for (const [, gradient] of network.backward(slope)) release(gradient)
      seconds = (performance.now() - begun) / 1000
    }
    return 3 * batch * forwardCosts(width).reduce((sum, cost) => sum + cost, 0) / seconds
  } finally {
    release(images, slope)
    network.close()
  }
}

/**
 * About how many seconds a run takes. A layer that trains costs three times its forward pass: gradients by its inputs
 * and by its kernels are as much again each.
 * @param speed multiplications a second, as `measuredSpeed` gives them
 */
export function expectedSeconds({ strategy, width, depth }: StrategyRun, dataset: Dataset, speed: number): number {
  if (strategy === 'baseline' || width === 'none') return baselineSeconds
  const costs = forwardCosts(width), images = dataset.items.length, learnt = images * (1 - 1 / foldCount)
  const forward = costs.reduce((sum, cost) => sum + cost, 0)
  if (strategy === 'frozen-features') return images * forward / featureDepths.length / speed + baselineSeconds
  const depthsBelow = trainingDepths.length - 1 - trainingDepths.indexOf(depth as (typeof trainingDepths)[number])
  const training = costs.slice(depthsBelow).reduce((sum, cost) => sum + cost, 0)
  const { train, contrastive } = strategyRecipe
  const unlabelled = strategy === 'unsupervised' ? contrastive.epochs * learnt * 2 * 3 * forward : 0
  return (train.epochs * learnt * (forward + 2 * training) + unlabelled) / speed
}

/** Multiplications of each stage, for one image forward: stem, conv2, … conv5. */
function forwardCosts(width: Width): number[] {
  return countStageCosts({ architecture: describeResNet50({ classes: 2, width, size }) }).map(stage => stage.multiplications)
}
