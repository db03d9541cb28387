/** Progress of long work: one display updated in place, at most four times a second. */
import { formatNumber } from '../display/format'
import { html, trustedHtml } from '../display/html'
import { progressLine } from '../system/progress-line.mjs'
import { stopOnInterrupt } from './interrupt'
import { inNotebook, liveOutput, type Shown } from './output'

/** How far some work is. */
export interface Progress {
  title: string
  /** From 0 to 1. */
  share: number
  /** What is being done, in a few words. */
  note?: string
  /** Seconds so far. */
  seconds: number
  /** Shown beneath the bar in notebooks: a figure's SVG. */
  picture?: string
  /** Whether the work is over, done or not. */
  ended?: boolean
}

/** A display of progress. */
export interface ProgressDisplay {
  /** `milestone` writes a line where a terminal cannot be rewritten (a log file, say). */
  update(progress: () => Progress, milestone?: boolean): void
  /** The last state, always shown; `note` says how it ended. */
  end(progress: Progress): void
}

/** Updates come at most so often, in milliseconds; drawing them would otherwise slow the work. */
const interval = 250

/**
 * A display in the notebook, on one line of a terminal, or, where neither is, a line at each milestone.
 * Its updates are functions: those that come too soon cost nothing.
 */
export function progressDisplay(): ProgressDisplay {
  const draw = drawer()
  let last = -Infinity
  return {
    update(progress, milestone = false) {
      const now = performance.now()
      if (now - last < interval && !(milestone && draw.everyMilestone)) return
      last = now
      if (milestone || !draw.everyMilestone) draw.update(progress())
    },
    end: progress => draw.end({ ...progress, ended: true }),
  }
}

/** What work calls to say how far it is: so many of so many, and, if it likes, what it is doing. */
export type Report = (done: number, count: number, note?: string) => void

/**
 * Runs long work under a progress bar; the interrupt button fires its signal.
 * @param work calls `report(done, count, note)` as it goes, and should stop when `signal` fires
 * @example await withProgress('Nearest neighbors', report => neighbors(train, test, report))
 */
export async function withProgress<T>(
  title: string, work: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const display = progressDisplay(), interrupt = stopOnInterrupt()
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1000
  let share = 0
  const report: Report = (done, count, note) => {
    share = count ? Math.min(1, done / count) : 1
    display.update(() => ({ title, share, note: note ?? `${done} of ${count}`, seconds: seconds() }))
  }
  try {
    const result = await work(report, interrupt.signal)
    if (!interrupt.signal.aborted) share = 1
    display.end({ title, share, note: interrupt.signal.aborted ? 'stopped' : 'done', seconds: seconds() })
    return result
  } catch (error) {
    display.end({ title, share, note: interrupt.signal.aborted ? 'stopped' : 'failed', seconds: seconds() })
    throw error
  } finally {
    interrupt.release()
  }
}

/** Progress as HTML (bar, words, picture) and as a line of text. */
export function progressShown({ title, share, note, seconds, picture, ended }: Progress): Shown {
  const percent = Math.round(100 * share)
  const left = share > 0 && !ended ? `about ${formatNumber(seconds * (1 - share) / share, 'seconds')} left` : ''
  const words = [note, formatNumber(seconds, 'seconds'), left].filter(Boolean).join(' · ')
  const bar = html`<div style="background:#e4e4e4;border-radius:3px;height:8px;max-width:760px">
<div style="background:#0072B2;border-radius:3px;height:8px;width:${percent}%"></div></div>`
  return {
    html: String(html`<div data-progress="${share.toFixed(4)}" role="progressbar" aria-valuenow="${percent}">
<p style="margin:0 0 4px"><b>${title}</b> ${percent} %</p>${bar}
<p style="margin:4px 0">${words}</p>${trustedHtml(picture ?? '')}</div>`),
    text: `${title} ${'█'.repeat(Math.round(share * 20)).padEnd(20, '░')} ${percent} % · ${words}`,
  }
}

interface Drawer {
  /** True where each line stays: then only milestones are drawn, and all of them. */
  everyMilestone: boolean
  update(progress: Progress): void
  end(progress: Progress): void
}

function drawer(): Drawer {
  if (inNotebook()) {
    const output = liveOutput()
    const update = (progress: Progress) => output.update(progressShown(progress))
    return { everyMilestone: false, update, end: update }
  }
  const line = progressLine()
  const end = (progress: Progress) => line.say(progressShown(progress).text)
  if (!line.inPlace) return { everyMilestone: true, update: end, end }
  return { everyMilestone: false, update: progress => line.show(progressShown(progress).text), end }
}
