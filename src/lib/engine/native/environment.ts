/** What TensorFlow and NVIDIA's libraries read from the environment while they are loaded. */
import { cardVariables, logLevel } from '../../system/card.mjs'
import { threadLimit } from '../../system/parallel'
import { projectRoot } from '../../system/project-root'
import { variable } from '../../system/variable'

/** How a graphics card multiplies: 'float32', or 'tf32' with inputs rounded to ten bits. */
export type Precision = 'float32' | 'tf32'

/** What LAB_PRECISION asks for; 'float32' without it. @throws LabError 'bad-argument' for another word */
export function requestedPrecision(): Precision {
  return (variable('LAB_PRECISION') ?? 'float32') as Precision
}

/** Whether a card adds in a fixed order: not with LAB_DETERMINISTIC=0. @throws LabError 'bad-argument' as above */
export function requestedDeterminism(): boolean {
  return variable('LAB_DETERMINISTIC') !== '0'
}

/**
 * Sets the variables. Those that the user has set are left as they are, except where the project has a variable for the
 * same thing: LAB_ENGINE, LAB_PRECISION and LAB_DETERMINISTIC decide, and are recorded with every run.
 * @param forCards whether TensorFlow's build for cards will be loaded
 * @returns takes back what only a card needs, where a driver was found and no card: processors compute as on machines
 *   without a driver. To be called before TensorFlow first computes
 */
export function setEnvironment(forCards: boolean): () => void {
  const { env } = process
  env.TF_NUM_INTRAOP_THREADS ??= String(threadLimit())
  env.TF_NUM_INTEROP_THREADS ??= '1'
  env.TF_CPP_MIN_LOG_LEVEL ??= logLevel(forCards)
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  Object.assign(env, cardVariables(projectRoot))
  if (variable('LAB_ENGINE') === 'native') env.CUDA_VISIBLE_DEVICES = ''
  const precision = requestedPrecision(), deterministic = requestedDeterminism()
  if (forCards) {
    // cuBLAS and cuDNN read this; the rest of TensorFlow has a switch of its own: see `setTensorFloat32`.
    if (precision === 'float32') env.NVIDIA_TF32_OVERRIDE = '0'
    else delete env.NVIDIA_TF32_OVERRIDE
  }
  // On a processor, operations with the same number of threads give the same bits. On a card, some sums (gradients of
  // convolutions and of pooling among them) are added in the order in which the card's threads finish.
  if (variable('LAB_DETERMINISTIC') === '1') env.TF_DETERMINISTIC_OPS = '1'
  const before = env.TF_DETERMINISTIC_OPS
  if (forCards) env.TF_DETERMINISTIC_OPS = deterministic ? '1' : '0'
  return () => {
    if (before === undefined) delete env.TF_DETERMINISTIC_OPS
    else env.TF_DETERMINISTIC_OPS = before
  }
}
