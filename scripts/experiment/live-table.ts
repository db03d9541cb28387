/** Shows the runs of a plan as they go on: a table that is redrawn in place, or, in a pipe, a line an event. */
import type { JobEvent } from '../../src/lib/experiments/carriers/carrier'
import { formatNumber } from '../../src/lib/display/format'

/** A row of the table. */
interface RunLine {
  name: string
  state: 'running' | 'finished' | 'paused' | 'failed'
  note: string
  share: number
  begun: number
  seconds: number
}

/** Milliseconds between two drawings. */
const interval = 250
/** Ended runs that stay in the table. */
const shownEnded = 5

/** Shows the events of a plan's runs. Call `close` at the end: the table stays as it is then. */
export class LiveTable {
  private readonly lines = new Map<string, RunLine>()
  private drawn = 0
  private last = -Infinity
  private readonly inPlace = Boolean(process.stdout.isTTY) && !process.env.CI

  /** @param count of runs in all @param expectedSeconds of all of them */
  constructor(private readonly count: number, private readonly expectedSeconds: number) {}

  /** @param outcome what a finished run came to, in words */
  show(event: JobEvent, outcome = ''): void {
    const line = this.lines.get(event.job) ?? {
      name: event.job, state: 'running', note: 'begins', share: 0, begun: performance.now(), seconds: 0,
    }
    this.lines.set(event.job, { ...line, seconds: (performance.now() - line.begun) / 1000, ...change(event, outcome) })
    if (this.inPlace) return this.draw(event.kind !== 'progress')
    if (event.kind !== 'progress' || event.progress.milestone) console.log(this.text(this.lines.get(event.job)!))
  }

  close(): void {
    if (this.inPlace) this.draw(true)
  }

  private draw(now: boolean): void {
    if (!now && performance.now() - this.last < interval) return
    this.last = performance.now()
    const { stdout } = process
    const lines = this.table().map(line => line.slice(0, (stdout.columns || 80) - 1))
    stdout.write(`${this.drawn ? `\x1b[${this.drawn}A` : ''}\x1b[0J${lines.join('\n')}\n`)
    this.drawn = lines.length
  }

  private table(): string[] {
    const all = [...this.lines.values()]
    const ended = all.filter(({ state }) => state !== 'running'), running = all.filter(({ state }) => state === 'running')
    const failed = ended.filter(({ state }) => state === 'failed').length
    const left = Math.max(0, this.expectedSeconds * (1 - ended.length / this.count))
    return [
      ...ended.slice(-shownEnded).map(line => this.text(line)), ...running.map(line => this.text(line)),
      [
        `${ended.length} of ${this.count} runs ended`, ...(failed ? [`${failed} failed`] : []),
        `${this.count - all.length} waiting`, ...(left ? [`about ${formatNumber(left, 'seconds')} for the rest`] : []),
      ].join(' · '),
    ]
  }

  private text({ name, state, note, share, seconds }: RunLine): string {
    const bar = state === 'running' ? `${'█'.repeat(Math.round(10 * share)).padEnd(10, '░')} ` : ''
    return `${state.padEnd(8)}  ${name}  ${bar}${note} · ${formatNumber(seconds, 'seconds')}`
  }
}

function change(event: JobEvent, outcome: string): Partial<RunLine> {
  switch (event.kind) {
    case 'started': return { state: 'running', note: 'begins' }
    case 'progress': return { note: event.progress.note, share: event.progress.share }
    case 'finished': return { state: 'finished', note: outcome }
    case 'paused': return { state: 'paused', note: 'saved' }
    case 'failed': return { state: 'failed', note: event.fault.message }
  }
}
