/** An estimate of a run's time from its network's multiplications and this machine's speed. */
import type { Dataset } from '../data/dataset'
import { release, tensor } from '../engine/engine'
import type { Width } from '../model/architecture'
import { countStageCosts } from '../model/convolution-cost'
import { describeResNet50 } from '../model/resnet50-layers'
import { resnet50 } from '../weights/resnet50'
import { trainingDepths, type ExperimentConfig, type NetworkConfig } from './config'
import { trainingShare } from './split'
import { Learner } from '../training/learner'
import { crossEntropyObjective } from '../training/objective'

/** Seconds that any processor takes to fit a baseline, about. */
const baselineSeconds = 5

/**
 * About how many seconds a run takes, from the multiplications of its network.
 * @param speed as `measuredSpeed` gives it; asked for networks only
 */
export async function estimatedSeconds(
  config: ExperimentConfig, dataset: Dataset, speed: (width: Width) => Promise<number>,
): Promise<number> {
  const { model } = config
  return model.kind === 'baseline' ? baselineSeconds : expectedSeconds(config, model, dataset, await speed(model.width))
}

/**
 * About how many seconds a network's run takes. A layer that trains costs three times its forward pass: the gradients
 * by its inputs and by its kernels cost one forward pass each.
 * @param speed multiplications a second, as `measuredSpeed` gives them
 */
export function expectedSeconds(
  config: ExperimentConfig, model: NetworkConfig, dataset: Dataset, speed: number,
): number {
  const costs = forwardCosts(model), images = dataset.items.length, learnt = images * trainingShare(config.split)
  const forward = total(costs), { preparation } = model
  // Contrastive training sees each image in two views.
  const before = preparation?.kind === 'contrastive' ? preparation.epochs * learnt * 2 * 3 * forward
    : preparation?.kind === 'fractals' ? preparation.steps * 64 * 3 * forward : 0
  if (!config.training) return (before + images * forward) / speed + baselineSeconds
  const depthsBelow = trainingDepths.length - 1 - trainingDepths.indexOf(config.freezing)
  return (before + config.training.epochs * learnt * (forward + 2 * total(costs.slice(depthsBelow)))) / speed
}

const batch = 64, size = 64

/** Multiplications a second that training at a width does here, from two steps on empty images. */
export async function measuredSpeed(width: Width): Promise<number> {
  const model = await resnet50({ classes: ['a', 'b'], weights: 'none', width, size })
  const rate = 1e-3, learner = new Learner(model, { optimizer: { name: 'adam', rate }, batch })
  const images = tensor(new Float32Array(batch * size * size * 3), [batch, size, size, 3])
  const objective = crossEntropyObjective(new Uint8Array(batch), 2)
  try {
    let seconds = 0
    // The first step also warms up.
    for (let step = 0; step < 2; step++) {
      const begun = performance.now()
      learner.step(images, rate, objective)
      seconds = (performance.now() - begun) / 1000
    }
    return 3 * batch * total(forwardCosts({ width, size })) / seconds
  } finally {
    release(images)
    learner.close()
  }
}

/** Multiplications of each stage, for one image forward: stem, conv2, … conv5. */
function forwardCosts({ width, size }: Pick<NetworkConfig, 'width' | 'size'>): number[] {
  const architecture = describeResNet50({ classes: 2, width, size })
  return countStageCosts({ architecture }).map(stage => stage.multiplications)
}

function total(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0)
}
