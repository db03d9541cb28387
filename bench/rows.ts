/** The rows of the benchmark: what is measured, and with which contenders. */
import type { ContenderName } from './contender'
import type { ImageList, Task } from './task'

export interface Row {
  name: string
  title: string
  /** @param images called only for rows that read files */
  task: (images: () => Promise<ImageList>) => Task | Promise<Task>
  contenders: readonly ContenderName[]
  /** Runs in each turn. */
  times: number
  /** Contenders that run once in each turn, and not at all with `--quick`. */
  slow?: readonly ContenderName[]
  /** Turns of each contender. */
  rounds: number
  /** The number of rounds defines the row: `--rounds` and `--quick` do not change it. */
  fixed?: true
  /** Whether `--quick` measures the row. */
  quick?: true
}

/** How many generated images the rows about growth train on. */
export const madeUpCounts = [2_500, 10_000, 40_000] as const

const pytorch = ['pytorch', 'pytorch-channels-last'] as const
/** On request, and by default on a graphics card. */
const onCard = ['pytorch-compiled', 'pytorch-bf16', 'lab-graph', 'lab-xla'] as const
const folded = ['pytorch-folded', 'pytorch-folded-channels-last'] as const

const frozen = [['head', 'conv5', 'only the head trains'], ['conv5', 'conv4', 'conv5 and head train'],
  ['conv4', 'conv3', 'conv4 to head train']] as const

const step = (task: Omit<Task & { kind: 'step' }, 'kind'>) => (): Task => ({ kind: 'step', ...task })
const forward = (batch: number) => (): Task => ({ kind: 'forward', size: 64, batch })

export const rows: readonly Row[] = [
  {
    name: 'step-64', title: 'full step, 64 px × 64', task: step({ size: 64, batch: 64 }), quick: true,
    contenders: ['lab', ...pytorch, ...onCard, 'keras', 'tfjs-layers', 'wasm'],
    times: 3, slow: ['tfjs-layers', 'wasm'], rounds: 8,
  },
  {
    name: 'step-224', title: 'full step, 224 px × 16', task: step({ size: 224, batch: 16 }),
    contenders: ['lab', ...pytorch, ...onCard, 'keras'], times: 1, rounds: 8,
  },
  ...frozen.map(([name, frozenThrough, title]): Row => ({
    name: `step-${name}`, title: `frozen step, ${title}`, task: step({ size: 64, batch: 64, frozenThrough }),
    contenders: ['lab', ...pytorch, ...(name === 'head' ? onCard : []), 'keras'], times: 4, rounds: 6,
  })),
  {
    name: 'forward-64', title: 'forward, batch 64', task: forward(64),
    contenders: ['lab', ...pytorch, ...onCard, ...folded, 'keras', 'tfjs-layers'], times: 5, rounds: 8,
  },
  {
    name: 'forward-16', title: 'forward, batch 16', task: forward(16), quick: true,
    contenders: ['lab', ...pytorch, ...folded, 'keras', 'tfjs-layers', 'wasm'], times: 10, slow: ['wasm'], rounds: 8,
  },
  {
    name: 'forward-1', title: 'forward, batch 1', task: forward(1), quick: true,
    contenders: ['lab', ...pytorch, ...folded, 'keras', 'tfjs-layers', 'wasm'], times: 30, slow: ['wasm'], rounds: 8,
  },
  ...frozen.map(([name, frozenThrough, title]): Row => ({
    name: `epoch-${name}`, title: `frozen epoch, second on, ${title}`,
    task: async images => ({ kind: 'frozen-epoch', images: await images(), frozenThrough }),
    contenders: ['lab', ...pytorch], times: 1, rounds: 4,
  })),
  {
    name: 'epoch-reference', title: 'epoch of the reference protocol',
    task: async images => ({ kind: 'reference-epoch', images: await images() }),
    contenders: ['lab', ...pytorch], times: 1, rounds: 3,
  },
  ...[false, true].map((cached): Row => ({
    name: cached ? 'decode-cached' : 'decode', title: `decode and resize all images, ${cached ? 'cached' : 'cold'}`,
    task: async images => ({ kind: 'decode', images: await images(), cached }),
    contenders: cached ? ['lab'] : ['lab', 'opencv'], times: 1, rounds: 7, ...(cached ? { quick: true } : {}),
  })),
  {
    name: 'memory', title: '1,000 steps, quarter width, 32 px × 64',
    task: step({ size: 32, batch: 64, width: 'quarter' }), contenders: ['lab'], times: 100, rounds: 10, fixed: true,
  },
  ...madeUpCounts.map((count): Row => ({
    name: `epoch-${count}`, title: `epoch over ${count.toLocaleString('en')} made-up images, quarter width, 32 px`,
    task: () => ({ kind: 'made-up-epoch', count }), contenders: ['lab'], times: 1, rounds: 1, fixed: true,
  })),
]
