/** The result as the README shows it: tables in Markdown, and a chart. */
import type { Figure } from '../src/lib/display/figures/figure'
import { performanceChart } from '../src/lib/display/figures/performance-chart'
import { againstPyTorch } from './goals'
import { milliseconds, ratioText } from './report'
import type { BenchResult } from './result'

/** Names for readers; others stay as they are. */
const titles: Readonly<Record<string, string>> = {
  'lab': 'this library', 'wasm': 'this library on WebAssembly', 'tfjs-layers': 'TensorFlow.js layers',
  'pytorch': 'PyTorch', 'pytorch-channels-last': 'PyTorch, channels last', 'keras': 'Keras', 'opencv': 'OpenCV',
  'pytorch-folded': 'PyTorch, folded', 'pytorch-folded-channels-last': 'PyTorch, folded, channels last',
}

/** Rows and contenders with times far from the others' would press those together. */
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

/** PyTorch with batch normalization folded by hand, as this library folds it by itself. */
const folded = ['pytorch-folded', 'pytorch-folded-channels-last'] as const

/** The README's columns of times: of several contenders the fastest. */
const columns = [
  [titles.lab, 'lab'], [titles.pytorch, 'pytorch'], [titles['pytorch-channels-last'], 'pytorch-channels-last'],
  ['PyTorch, folded by hand', ...folded], [titles.keras, 'keras'], [titles['tfjs-layers'], 'tfjs-layers'],
] as const

/** Median times as the README shows them, and two ratios: one line a row and number of threads. */
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

/** A number in words; a dash where it, or what it is held against, was not measured. */
function orDash(words: (value: number) => string): (value: number) => string {
  return value => (value > 0 && value < Infinity ? words(value) : '–')
}

/** The goals as the README shows them: what was measured at each number of threads. */
export function goalsMarkdown({ rows, goals }: BenchResult): string {
  const threads = [...new Set(goals.map(goal => goal.threads))]
  const kinds = [...new Map(goals.map(goal => [`${goal.row} ${goal.goal}`, goal])).values()]
  const lines = kinds.map(({ row, goal }) => [
    rows.find(one => one.row === row)?.title ?? row, goal,
    ...threads.map(count => goals.find(one => one.row === row && one.goal === goal && one.threads === count))
      .map(found => (found ? `${found.measured}${found.met ? '' : ' (missed)'}` : '–')),
  ])
  return markdown(['work', 'goal', ...threads.map(count => `${count} threads`)], lines)
}

function markdown(heads: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  return [heads, heads.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
