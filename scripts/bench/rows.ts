/** The rows of the benchmark: what is measured, and who takes part. */
import type { ContenderName } from './contender'
import type { ImageList, Task } from './task'

export interface Row {
  name: string
  title: string
  task: (images: () => Promise<ImageList>) => Task | Promise<Task>
  contenders: readonly ContenderName[]
  /** Runs a turn; of those in `slow` only one. */
  times: number
  slow?: readonly ContenderName[]
  /** Turns of each contender. */
  rounds: number
  /** The number of rounds is part of the row: `--rounds` and `--quick` leave it. */
  fixed?: true
  /** Part of `--quick`. */
  quick?: true
}

const pytorch = ['pytorch', 'pytorch-channels-last'] as const
const folded = ['pytorch-folded', 'pytorch-folded-channels-last'] as const

const step = (task: Omit<Task & { kind: 'step' }, 'kind'>) => (): Task => ({ kind: 'step', ...task })
const forward = (batch: number) => (): Task => ({ kind: 'forward', size: 64, batch })

export const rows: readonly Row[] = [
  {
    name: 'step-64', title: 'full step, 64 px × 64', task: step({ size: 64, batch: 64 }), quick: true,
    contenders: ['lab', ...pytorch, 'keras', 'tfjs-layers'], times: 3, slow: ['tfjs-layers'], rounds: 8,
  },
  {
    name: 'step-224', title: 'full step, 224 px × 16', task: step({ size: 224, batch: 16 }),
    contenders: ['lab', ...pytorch, 'keras'], times: 1, rounds: 8,
  },
  ...([['head', 'conv5', 'only the head trains'], ['conv5', 'conv4', 'conv5 and head train'],
    ['conv4', 'conv3', 'conv4 to head train']] as const).map(([name, frozenThrough, title]): Row => ({
    name: `step-${name}`, title: `frozen step, ${title}`, task: step({ size: 64, batch: 64, frozenThrough }),
    contenders: ['lab', ...pytorch, 'keras'], times: 4, rounds: 6,
  })),
  {
    name: 'forward-64', title: 'forward, batch 64', task: forward(64),
    contenders: ['lab', ...pytorch, ...folded, 'keras', 'tfjs-layers'], times: 5, rounds: 8,
  },
  {
    name: 'forward-16', title: 'forward, batch 16', task: forward(16), quick: true,
    contenders: ['lab', ...pytorch, ...folded, 'keras', 'tfjs-layers', 'wasm'], times: 10, slow: ['wasm'], rounds: 8,
  },
  {
    name: 'forward-1', title: 'forward, batch 1', task: forward(1), quick: true,
    contenders: ['lab', ...pytorch, ...folded, 'keras', 'tfjs-layers', 'wasm'], times: 30, slow: ['wasm'], rounds: 8,
  },
]
