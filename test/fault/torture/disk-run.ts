/**
 * Carries work out on a failing disk, and prints what became of it, a line of JSON for each trial:
 * `node --import tsx test/fault/torture/disk-run.ts FOLDER few|all KIND…`, with disk-faults.c loaded.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LabError } from '../../../src/lib/system/errors'
import { diskFaults, type DiskFault, type DiskOutcome } from './disk'
import { diskWorks, type DiskWork } from './disk-work'

/** One sentence; those about many files list them, a line for each reason. */
const sentence = /^((bad-image|data-mismatch): expected [^]+|[a-z-]+: expected [^\n]+, received [^\n]+\. [^\n]+\.)$/
/** Names of half-written files and folders. */
const leftover = /^\..+\.(tmp|old)$|\.lock\./
const dead = spawnSync('true').pid

const notices: string[] = []
console.warn = (...words: unknown[]) => { notices.push(words.join(' ')) }
const uncaught: string[] = []
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => { uncaught.push(wordsOf(error)) })

async function tryAll([folder, extent, ...kinds]: readonly string[]): Promise<void> {
  const works = diskWorks.filter(({ kind, isSlow }) => kinds.length ? kinds.includes(kind) : extent === 'all' || !isSlow)
  for (const [i, work] of works.entries()) {
    const { kind } = work, trial = new Trial(work, join(folder, kind.replace(/\W+/g, '-')))
    const counts = await trial.begin()
    for (const [j, fault] of diskFaults.entries()) {
      const count = counts[j]
      const every = Array.from({ length: count }, (_, k) => k + 1)
      // A few calls of one kind are others than those of the next: together they hit beginnings, middles and ends.
      const some = every.slice(Math.floor(((7 * i + 11 * j) % 23) / 23 * count)).slice(0, 1)
      for (const call of extent === 'all' ? every : some)
        console.log(JSON.stringify({ kind, fault, call, ...await trial.meet(fault, call) }))
    }
    rmSync(trial.folder, { recursive: true, force: true })
  }
  process.exit(0)
}

/** Work in a folder: before it, and on a whole disk after it. */
class Trial {
  private old = ''
  private new = ''
  private result = ''

  constructor(private readonly work: DiskWork, readonly folder: string) {}

  private get now() { return join(this.folder, 'now') }

  /** Makes what lies there before the work. @returns how many calls of the work can meet each of the faults */
  async begin(): Promise<number[]> {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.now, { recursive: true })
    await this.work.prepare(this.now)
    cpSync(this.now, join(this.folder, 'before'), { recursive: true })
    this.old = await this.content()
    mkdirSync(`:disk:none:0:${this.now}`)
    try {
      this.result = await this.work.carryOut(this.now)
    } finally {
      mkdirSync(':disk:end')
    }
    const counts = readlinkSync(':disk:calls').split(' ').map(Number)
    this.new = await this.content()
    return counts
  }

  /** Carries the work out while the disk fails, then looks at what lies there, and carries it out once more. */
  async meet(fault: DiskFault, call: number): Promise<Pick<DiskOutcome, 'outcome' | 'noticed' | 'words'>> {
    this.restore()
    notices.length = uncaught.length = 0
    const lost: string[] = []
    let words = '', isDone = false
    mkdirSync(`:disk:${fault}:${call}:${this.now}`)
    try {
      const result = await this.work.carryOut(this.now)
      isDone = true
      if (result !== this.result) lost.push('another result')
    } catch (error) {
      words = wordsOf(error)
      if (!(error instanceof LabError) || !sentence.test(error.message)) lost.push(`no error in one sentence: ${words}`)
    } finally {
      mkdirSync(':disk:end')
    }
    const noticed = notices.length > 0
    await new Promise(done => setImmediate(done))
    this.endProcess()
    lost.push(...await this.faultsOfContent(isDone))
    lost.push(...uncaught.map(what => `uncaught: ${what}`))
    return lost.length ? { outcome: 'lost', noticed, words: lost.join('; ') }
      : { outcome: isDone ? 'done' : 'refused', noticed, words: words || notices.join(' ') }
  }

  /** What is wrong with what lies there after a fault, and after the work was carried out once more. */
  private async faultsOfContent(isDone: boolean): Promise<string[]> {
    const { isWhole = content => content === (isDone ? this.new : this.old) || content === this.new } = this.work
    const faults: string[] = []
    try {
      const content = await this.content()
      if (!isWhole(content)) faults.push(`afterwards there is ${content.slice(0, 200)}`)
    } catch (error) {
      faults.push(`afterwards nothing can be read: ${wordsOf(error)}`)
    }
    try {
      if (await this.work.carryOut(this.now) !== this.result) faults.push('another result the next time')
      if (await this.content() !== this.new) faults.push('another content the next time')
    } catch (error) {
      faults.push(`the next time: ${wordsOf(error)}`)
    }
    const left = readdirSync(this.now, { recursive: true }).map(String).filter(name => leftover.test(basename(name)))
    return left.length ? [...faults, `left behind: ${left.join(', ')}`] : faults
  }

  /** What a reader finds. It reads a copy, since readers mend and store things. */
  private async content(): Promise<string> {
    const copy = join(this.folder, 'copy')
    rmSync(copy, { recursive: true, force: true })
    cpSync(this.now, copy, { recursive: true })
    return this.work.read(copy)
  }

  private restore(): void {
    rmSync(this.now, { recursive: true, force: true })
    cpSync(join(this.folder, 'before'), this.now, { recursive: true })
  }

  /** Makes everything that names this process name one that has ended: whoever looks next is another process. */
  private endProcess(): void {
    for (const name of readdirSync(this.now, { recursive: true }).map(String).reverse()) {
      const path = join(this.now, name)
      if (basename(name).includes(`.${process.pid}-`))
        renameSync(path, join(dirname(path), basename(name).replaceAll(`.${process.pid}-`, `.${dead}-`)))
      else if (name.endsWith('.lock') && existsSync(path))
        writeFileSync(path, readFileSync(path, 'utf8').replace(String(process.pid), String(dead)))
    }
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof LabError) return error.message
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 6).join(' | ') : String(error)
}

// Overwritten at the end: work that waits for ever lets the process end before.
process.exitCode = 1
tryAll(process.argv.slice(2)).catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
