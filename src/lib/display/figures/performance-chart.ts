/** How long several programs take for the same work, each relative to one reference program. */
import * as Plot from '@observablehq/plot'
import { beside, frame, ink, legend, paleInk, palette, textWidth, type Drawing, type Figure, type NamedFigureOptions } from './figure'
import { plot } from './plot'

/** One program's time for one piece of work. */
export interface PerformanceDot {
  work: string
  program: string
  /** The program's time divided by the reference program's, above 0. */
  ratio: number
}

/** One condition of the measurement, such as a number of threads. */
export interface PerformancePanel {
  title: string
  dots: readonly PerformanceDot[]
  /** Ratios below which the first program should stay. */
  goals: readonly { work: string; ratio: number }[]
}

/** Words around the chart. */
export interface PerformanceChartOptions extends NamedFigureOptions {
  /** What the ratio is, such as 'time against PyTorch’s'. */
  label: string
}

/** The height of the row of one piece of work, in pixels. */
const step = 26

/**
 * One line of dots for each piece of work, on a logarithmic axis: left of 1 is faster than the reference
 * program. The first program is drawn larger; short strokes are its goals.
 */
export function performanceChart(panels: readonly PerformancePanel[], options: PerformanceChartOptions): Figure {
  const { name, title, subtitle, label } = options
  const dots = panels.flatMap(panel => panel.dots)
  const work = [...new Set(dots.map(dot => dot.work))], programs = [...new Set(dots.map(dot => dot.program))]
  const ratios = [1, ...dots.map(dot => dot.ratio), ...panels.flatMap(panel => panel.goals.map(goal => goal.ratio))]
  const domain = [0.9 * Math.min(...ratios), 1.1 * Math.max(...ratios)]
  const drawings = panels.map((panel, i) => performancePanel(panel, { work, programs, domain, label, named: i === 0 }))
  const body = beside(drawings)
  const entries = programs.map((program, i) => ({ label: program, color: palette[i % palette.length] }))
  const first = dots.filter(dot => dot.program === programs[0])
  const words = first.map(dot => `${dot.work}: ${dot.ratio.toPrecision(2)}`)
  return frame({ name, title, subtitle, alt: `${title}. ${programs[0]}, ${label}: ${words.join('; ')}.` },
    [legend(entries, body.width), body])
}

interface Shared {
  work: readonly string[]
  programs: readonly string[]
  domain: readonly number[]
  label: string
  /** Whether the work is named at the left. */
  named: boolean
}

function performancePanel({ title, dots, goals }: PerformancePanel, shared: Shared): Drawing {
  const { work, programs, domain, label, named } = shared
  const marginLeft = named ? 20 + Math.max(...work.map(words => textWidth(words, 12))) : 12
  const height = step * work.length
  const isFirst = (dot: PerformanceDot) => dot.program === programs[0]
  const color = ({ program }: PerformanceDot) => palette[programs.indexOf(program) % palette.length]
  return plot({
    width: marginLeft + 360, height: height + 72, marginLeft, marginRight: 16, marginTop: 30, marginBottom: 42,
    x: {
      type: 'log', domain: [...domain], label, grid: true,
      ticks: [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12].filter(tick => tick >= domain[0] && tick <= domain[1]),
      tickFormat: String,
    },
    y: { axis: null, domain: work, padding: 0 },
    marks: [
      Plot.text([title], { frameAnchor: 'top', dy: -22, fontWeight: 'bold' }),
      Plot.ruleX([1], { stroke: paleInk }),
      Plot.tickX(goals, { x: 'ratio', y: 'work', inset: 3, stroke: ink, strokeWidth: 2 }),
      Plot.dot(dots.filter(dot => !isFirst(dot)), { x: 'ratio', y: 'work', stroke: color, r: 4, strokeWidth: 1.75 }),
      Plot.dot(dots.filter(isFirst), { x: 'ratio', y: 'work', fill: color, r: 6 }),
      ...(named ? [Plot.text(work, {
        x: () => domain[0], y: String, text: String, textAnchor: 'end', dx: -10,
      })] : []),
    ],
  })
}
