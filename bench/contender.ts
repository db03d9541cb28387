/** A contender: a program in a process of its own, set up once for a row and then asked to measure in turns. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { LabError } from '../src/lib/system/errors'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { deviceInUse, type Device } from './device'
import { allowedProcessors } from './machine'
import type { Measured, Ready, Task } from './task'

const python = inProject('.bench', 'venv', 'bin', 'python')
const inTypeScript = (name: string) => [process.execPath, '--import', 'tsx', inProject('bench', 'contenders', name)]
const inPython = (name: string, ...words: string[]) => [python, inProject('bench', 'python', name), ...words]

interface Program {
  command: readonly string[]
  environment?: Readonly<Record<string, string>>
}

/**
 * What this project sets for itself (project.mjs: how the GNU C library gives memory), and so for all contenders on
 * TensorFlow.js. Programs in Python run without it, as their users have them.
 */
const ownSettings = ['GLIBC_TUNABLES']

/** All contenders. 'lab' is this library on the engine in use. */
export const contenders = {
  'lab': { command: inTypeScript('lab.ts') },
  'wasm': { command: inTypeScript('lab.ts'), environment: { LAB_ENGINE: 'wasm' } },
  'tfjs-layers': { command: inTypeScript('tfjs-layers.ts') },
  'pytorch': { command: inPython('pytorch_contender.py') },
  'pytorch-channels-last': { command: inPython('pytorch_contender.py', 'channels-last') },
  'pytorch-folded': { command: inPython('pytorch_contender.py', 'folded') },
  'pytorch-folded-channels-last': { command: inPython('pytorch_contender.py', 'folded', 'channels-last') },
  'keras': { command: inPython('keras_contender.py') },
  'opencv': { command: inPython('opencv_contender.py') },
} as const satisfies Record<string, Program>

export type ContenderName = keyof typeof contenders

/** Keras and Python would leave files in the home folder and beside the sources. */
const insideTheProject = { KERAS_HOME: inProject('.bench', 'keras'), PYTHONDONTWRITEBYTECODE: '1' }

/** The variables under which a contender runs. LAB_DEVICE tells programs in Python where this library computes. */
export function surroundings(name: ContenderName, threads: number, device: Device): NodeJS.ProcessEnv {
  const { command, environment }: Program = contenders[name]
  const variables = { ...process.env }
  if (command[0] === python) for (const setting of ownSettings) delete variables[setting]
  return { ...variables, ...threadVariables(threads), ...insideTheProject, LAB_DEVICE: device, ...environment }
}

/** How long a contender may take to answer, in milliseconds: a guard against one that hangs. */
const patience = 30 * 60 * 1000

export class Contender {
  /** What it computed for comparison, and in which version. */
  ready!: Extract<Ready, { outputs: unknown }>
  private readonly child: ChildProcess
  private readonly lastWords: string[] = []
  private waiting: { resolve(line: string): void; reject(fault: LabError): void } | null = null

  private constructor(readonly name: ContenderName, threads: number) {
    const [program, ...args] = [...boundTo(threads), ...contenders[name].command]
    const child = spawn(program, args, {
      cwd: projectRoot, stdio: 'pipe', env: surroundings(name, threads, deviceInUse()),
    })
    createInterface({ input: child.stdout }).on('line', line => this.waiting?.resolve(line))
    createInterface({ input: child.stderr }).on('line', line => {
      this.lastWords.push(line)
      if (this.lastWords.length > 20) this.lastWords.shift()
    })
    child.on('error', fault => this.lastWords.push(fault.message))
    child.on('close', () => this.waiting?.reject(this.fault('it ended')))
    child.stdin.on('error', () => {})
    this.child = child
  }

  /** Starts a contender and sets it up. @returns null where it says that it cannot run here */
  static async start(name: ContenderName, task: Task, threads: number, say: (words: string) => void) {
    const contender = new Contender(name, threads)
    const ready = await contender.ask(task).catch(async (fault: unknown) => {
      await contender.close()
      throw fault
    }) as Ready
    if ('outputs' in ready) {
      contender.ready = ready
      return contender
    }
    say(`${name} is left out: ${ready.unavailable}`)
    await contender.close()
    return null
  }

  measure(times: number): Promise<Measured> {
    return this.ask({ times }) as Promise<Measured>
  }

  /** Peak and present resident memory of its process in megabytes; null where the system does not tell. */
  memory(): { peakMB: number; residentMB: number } | null {
    const path = `/proc/${this.child.pid}/status`
    if (!existsSync(path)) return null
    const status = readFileSync(path, 'utf8')
    const megabytes = (key: string) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024)
    return { peakMB: megabytes('VmHWM'), residentMB: megabytes('VmRSS') }
  }

  /** Ends the process: politely, after ten seconds by force. */
  async close(): Promise<void> {
    const { child } = this
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('close', resolve))
    child.stdin!.end()
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(force)
  }

  private async ask(message: object): Promise<object> {
    const guard = setTimeout(() => this.waiting?.reject(this.fault('it does not answer')), patience)
    try {
      return JSON.parse(await new Promise<string>((resolve, reject) => {
        this.waiting = { resolve, reject }
        if (this.child.exitCode !== null) reject(this.fault('it ended'))
        this.child.stdin!.write(`${JSON.stringify(message)}\n`)
      })) as object
    } finally {
      clearTimeout(guard)
      this.waiting = null
    }
  }

  private fault(what: string): LabError {
    const words = this.lastWords.filter(line => line.trim()).slice(-3).join(' / ')
    return new LabError('engine-failed', {
      expected: `the contender ${this.name} to answer`, received: `${what}${words && `: ${words}`}`,
      remedy: 'Mend what it says, or leave it out with --contenders',
    })
  }
}

/** A command that keeps a program on so many processors, where the system has one: equal cores for all. */
function boundTo(threads: number): string[] {
  const processors = allowedProcessors().slice(0, threads)
  return processors.length ? ['taskset', '-c', processors.join(',')] : []
}

/** The same number of threads for everyone, in each one's own words. */
function threadVariables(threads: number): Record<string, string> {
  const names = ['LAB_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS']
  return Object.fromEntries(names.map(name => [name, String(threads)]))
}
