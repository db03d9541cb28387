/** The result as docs/performance.md shows it: tables in Markdown, and a chart. */
import type { Figure } from '../src/lib/display/figures/figure'
import { performanceChart } from '../src/lib/display/figures/performance-chart'
import { inProject } from '../src/lib/system/project-root'
import { againstPyTorch } from './goals'
import { milliseconds, ratioText } from './report'
import type { BenchResult } from './result'

/** Names for readers. A contender without one keeps its own. */
const titles: Readonly<Record<string, string>> = {
  'lab': 'this library', 'wasm': 'this library on WebAssembly', 'tfjs-layers': 'TensorFlow.js layers',
  'pytorch': 'PyTorch', 'pytorch-channels-last': 'PyTorch, channels last', 'keras': 'Keras', 'opencv': 'OpenCV',
  'lab-graph': 'this library, a step as a graph', 'lab-xla': 'this library, a step by XLA',
  'pytorch-compiled': 'PyTorch, torch.compile', 'pytorch-bf16': 'PyTorch, mixed precision',
  'pytorch-folded': 'PyTorch, folded', 'pytorch-folded-channels-last': 'PyTorch, folded, channels last',
}

/** The chart leaves out rows and contenders whose times are far from all others. */
const inChart = /^(step|forward)-|^epoch-reference$/, outsideChart = 'wasm'

/** Every contender's time against the faster PyTorch's, one panel for each number of threads. */
export function resultChart({ rows, goals, machine, date }: BenchResult): Figure {
  const shown = rows.filter(({ row, contender, ratioToFasterPyTorch }) =>
    inChart.test(row) && contender !== outsideChart && ratioToFasterPyTorch !== null)
  const panels = [...new Set(shown.map(row => row.threads))].map(threads => ({
    title: `${threads} threads`,
    dots: shown.filter(row => row.threads === threads).map(({ title, contender, ratioToFasterPyTorch }) =>
      ({ work: title, program: titles[contender] ?? contender, ratio: ratioToFasterPyTorch! })),
    goals: goals.filter(goal => goal.threads === threads && goal.goal.endsWith(againstPyTorch)).flatMap(goal => {
      const row = shown.find(one => one.row === goal.row)
      return row ? [{ work: row.title, ratio: goal.limit }] : []
    }),
  }))
  return performanceChart(panels, {
    name: 'performance', title: 'ResNet50: time against the faster of PyTorch’s two layouts',
    subtitle: `Median of alternated runs; left of 1 is faster, strokes are goals. ${machine.processor}, ${date.slice(0, 10)}`,
    label: 'time against the faster PyTorch’s',
  })
}

/** PyTorch with batch normalization folded by hand; this library folds it automatically. */
const folded = ['pytorch-folded', 'pytorch-folded-channels-last'] as const

/** The columns of times. A column of several contenders shows the fastest. */
const columns = [
  [titles.lab, 'lab'], [titles.pytorch, 'pytorch'], [titles['pytorch-channels-last'], 'pytorch-channels-last'],
  ['PyTorch, folded by hand', ...folded], [titles.keras, 'keras'], [titles['tfjs-layers'], 'tfjs-layers'],
] as const

/** A table of median times and two ratios: a line for each row and number of threads. */
export function timesMarkdown({ rows }: Pick<BenchResult, 'rows'>): string {
  const seen = [...new Map(rows.filter(row => inChart.test(row.row)).map(row => [`${row.row} ${row.threads}`, row])).values()]
  const lines = seen.map(({ row, title, threads }) => {
    const here = rows.filter(one => one.row === row && one.threads === threads)
    const lab = here.find(({ contender }) => contender === 'lab')
    const fastest = (contenders: readonly string[]) =>
      Math.min(...here.filter(({ contender }) => contenders.includes(contender)).map(({ medianMs }) => medianMs))
    const times = columns.map(([, ...contenders]) => fastest(contenders))
    const ratios = [lab?.ratioToFasterPyTorch ?? Infinity, (lab?.medianMs ?? Infinity) / fastest(folded)]
    return [title, threads, ...times.map(orDash(milliseconds)), ...ratios.map(orDash(ratioText))]
  })
  return markdown(['work', 'threads', ...columns.map(([title]) => title), 'to the faster PyTorch', 'to the folded one'], lines)
}

/** A number in words; a dash if the number, or the one that it is compared with, was not measured. */
function orDash(words: (value: number) => string): (value: number) => string {
  return value => (value > 0 && value < Infinity ? words(value) : '–')
}

/** A table of the goals, and the result for each number of threads. */
export function goalsMarkdown({ rows, goals, goalsNotRun = [] }: Pick<BenchResult, 'rows' | 'goals' | 'goalsNotRun'>): string {
  const all = [
    ...goals.map(one => ({ ...one, words: `${one.measured}${one.met ? '' : ' (missed)'}` })),
    ...goalsNotRun.map(one => ({ ...one, words: `not run (${one.reason})` })),
  ]
  const threads = [...new Set(all.map(goal => goal.threads))]
  const kinds = [...new Map(all.map(goal => [`${goal.row} ${goal.goal}`, goal])).values()]
  const lines = kinds.map(({ row, goal }) => [
    rows.find(one => one.row === row)?.title ?? row, goal,
    ...threads.map(count => all.find(one => one.row === row && one.goal === goal && one.threads === count)?.words ?? '–'),
  ])
  return markdown(['work', 'goal', ...threads.map(count => `${count} threads`)], lines)
}

/** When and on which machine the result was measured. */
export function machineMarkdown({ machine, date }: Pick<BenchResult, 'machine' | 'date'>): string {
  const { processor, cores, memoryGB, node } = machine
  return `Measured on ${date.slice(0, 10)}: ${processor}, ${cores} cores, ${memoryGB} GB of memory, Node ${node}.`
}

/** The page that shows the committed result. */
export function performancePage(): string {
  return inProject('docs', 'performance.md')
}

/**
 * The page with the parts that a result gives: machine, times and goals, each between two comments that name it.
 * @param page its text before
 */
export function renewedPage(page: string, result: BenchResult): string {
  const parts = { machine: machineMarkdown(result), times: timesMarkdown(result), goals: goalsMarkdown(result) }
  return Object.entries(parts).reduce((text, [name, part]) =>
    text.replace(new RegExp(`(<!-- ${name} -->\\n)[^]*?(\\n<!-- end of ${name} -->)`), (_, start, end) => start + part + end), page)
}

function markdown(heads: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  // What a program says about why it cannot run may hold line ends and bars.
  const plain = (cell: string | number) => String(cell).replace(/\s+/g, ' ').replace(/\|/g, '\\|')
  return [heads, heads.map(() => '---'), ...lines].map(cells => `| ${cells.map(plain).join(' | ')} |`).join('\n')
}
