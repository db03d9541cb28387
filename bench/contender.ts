/** A contender: a program in its own process. It sets up once for a row, and then measures in turns. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { LabError } from '../src/lib/system/errors'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { cardMemoryOf, deviceInUse, type Device } from './device'
import { allowedProcessors } from './machine'
import type { Measured, Ready, Task } from './task'

const python = inProject('.bench', 'venv', 'bin', 'python')
const inTypeScript = (name: string) => [process.execPath, '--import', 'tsx', inProject('bench', 'contenders', name)]
const inPython = (name: string, ...args: string[]) => [python, inProject('bench', 'python', name), ...args]

interface Program {
  command: readonly string[]
  environment?: Readonly<Record<string, string>>
  /** The device on which it takes part if nobody asks; elsewhere `--contenders` has to name it. Default: any. */
  byDefaultOn?: Device
  /** Whether it computes in mixed precision. Default false. */
  mixed?: boolean
}

/**
 * Memory settings of this project (see scripts/set-up/project.mjs), which all contenders on TensorFlow.js use. Programs
 * in Python run without them, because their users run them without.
 */
const projectSettings = ['GLIBC_TUNABLES']

/**
 * All contenders. 'lab' is this library on the engine in use, which runs a step as it does by default; 'lab-graph' and
 * 'lab-xla' run a step as one call.
 */
export const contenders = {
  'lab': { command: inTypeScript('lab.ts') },
  'lab-graph': { command: inTypeScript('lab.ts'), environment: { LAB_STEP: 'graph' }, byDefaultOn: 'card' },
  'lab-xla': { command: inTypeScript('lab.ts'), environment: { LAB_STEP: 'xla', LAB_DETERMINISTIC: '0' }, byDefaultOn: 'card' },
  'wasm': { command: inTypeScript('lab.ts'), environment: { LAB_ENGINE: 'wasm' } },
  'tfjs-layers': { command: inTypeScript('tfjs-layers.ts') },
  'pytorch': { command: inPython('pytorch_contender.py') },
  'pytorch-channels-last': { command: inPython('pytorch_contender.py', 'channels-last') },
  'pytorch-compiled': { command: inPython('pytorch_contender.py', 'compiled'), byDefaultOn: 'card' },
  // Channels last, as PyTorch recommends for mixed precision.
  'pytorch-bf16': {
    command: inPython('pytorch_contender.py', 'bf16', 'channels-last'), byDefaultOn: 'card', mixed: true,
  },
  'pytorch-folded': { command: inPython('pytorch_contender.py', 'folded') },
  'pytorch-folded-channels-last': { command: inPython('pytorch_contender.py', 'folded', 'channels-last') },
  'keras': { command: inPython('keras_contender.py') },
  'opencv': { command: inPython('opencv_contender.py') },
} as const satisfies Record<string, Program>

export type ContenderName = keyof typeof contenders

/** The contenders that take part where nobody names any. */
export function contendersByDefault(device: Device): ContenderName[] {
  return (Object.keys(contenders) as ContenderName[]).filter(name => {
    const { byDefaultOn = device }: Program = contenders[name]
    return byDefaultOn === device
  })
}

/** Whether a contender computes in mixed precision. */
export function isMixed(name: ContenderName): boolean {
  const { mixed = false }: Program = contenders[name]
  return mixed
}

/**
 * Without these variables, Keras, torch.compile and Python write files to the home folder, to the system's temporary
 * folder and beside the sources.
 */
const insideTheProject = {
  KERAS_HOME: inProject('.bench', 'keras'), PYTHONDONTWRITEBYTECODE: '1',
  TORCHINDUCTOR_CACHE_DIR: inProject('.bench', 'inductor'), TRITON_HOME: inProject('.bench'),
  TRITON_CACHE_DIR: inProject('.bench', 'triton'),
}

/**
 * Whether a contender rounds on a card because the user asked for it. What is compared is then computed by a process of
 * its own without. Programs in Python switch by themselves.
 */
export function roundsOnRequest(name: ContenderName, device: Device): boolean {
  return device === 'card' && process.env.LAB_PRECISION === 'tf32' && contenders[name].command[0] !== python
}

/** A contender's environment variables. LAB_DEVICE tells programs in Python where this library computes. */
export function environmentFor(name: ContenderName, threads: number, device: Device): NodeJS.ProcessEnv {
  const { command, environment }: Program = contenders[name]
  const variables = { ...process.env }
  if (command[0] === python) for (const setting of projectSettings) delete variables[setting]
  return { ...variables, ...threadVariables(threads), ...insideTheProject, LAB_DEVICE: device, ...environment }
}

/** A contender that has not answered for so long counts as hanging. Milliseconds. */
const answerTimeout = 30 * 60 * 1000

export class Contender {
  /** The numbers that it computed for the comparison, and its version. */
  ready!: Extract<Ready, { outputs: unknown }>
  private readonly child: ChildProcess
  private readonly lastLines: string[] = []
  private waiting: { resolve(line: string): void; reject(error: LabError): void } | null = null

  private constructor(readonly name: ContenderName, threads: number, variables: NodeJS.ProcessEnv) {
    const [program, ...args] = [...boundTo(threads), ...contenders[name].command]
    const child = spawn(program, args, {
      cwd: projectRoot, stdio: 'pipe', env: { ...environmentFor(name, threads, deviceInUse()), ...variables },
    })
    createInterface({ input: child.stdout }).on('line', line => this.waiting?.resolve(line))
    createInterface({ input: child.stderr }).on('line', line => {
      this.lastLines.push(line)
      if (this.lastLines.length > 20) this.lastLines.shift()
    })
    child.on('error', error => this.lastLines.push(error.message))
    child.on('close', () => this.waiting?.reject(this.failure('it ended')))
    child.stdin.on('error', () => {})
    this.child = child
  }

  /**
   * Starts a contender and sets it up.
   * @param leaveOut receives the reason if the contender cannot run on this machine
   * @returns null then
   */
  static async start(name: ContenderName, task: Task, threads: number, leaveOut: (reason: string) => void) {
    if (!roundsOnRequest(name, deviceInUse())) return Contender.setUp(name, task, threads, leaveOut)
    const exact = await Contender.setUp(name, task, threads, leaveOut, { LAB_PRECISION: 'float32' })
    await exact?.close()
    const contender = exact && await Contender.setUp(name, task, threads, leaveOut)
    if (contender) contender.ready = { ...contender.ready, outputs: exact.ready.outputs }
    return contender
  }

  private static async setUp(
    name: ContenderName, task: Task, threads: number, leaveOut: (reason: string) => void,
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Contender | null> {
    const contender = new Contender(name, threads, variables)
    const ready = await contender.ask(task).catch(async (error: unknown) => {
      await contender.close()
      throw error
    }) as Ready
    if ('outputs' in ready) {
      contender.ready = ready
      return contender
    }
    leaveOut(ready.unavailable)
    await contender.close()
    return null
  }

  measure(times: number): Promise<Measured> {
    return this.ask({ times }) as Promise<Measured>
  }

  /** Memory of its process in megabytes: peak and present resident memory, and on the card; what the system reports. */
  memory(): { peakMB?: number; residentMB?: number; cardMB?: number } {
    const cardMB = deviceInUse() === 'card' ? cardMemoryOf(this.child.pid!) : undefined
    const path = `/proc/${this.child.pid}/status`
    if (!existsSync(path)) return { cardMB }
    const status = readFileSync(path, 'utf8')
    const megabytes = (key: string) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024)
    return { peakMB: megabytes('VmHWM'), residentMB: megabytes('VmRSS'), cardMB }
  }

  /** Closes the process's input, which ends it; kills it after ten seconds. */
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
    const guard = setTimeout(() => this.waiting?.reject(this.failure('it does not answer')), answerTimeout)
    try {
      return JSON.parse(await new Promise<string>((resolve, reject) => {
        this.waiting = { resolve, reject }
        if (this.child.exitCode !== null) reject(this.failure('it ended'))
        this.child.stdin!.write(`${JSON.stringify(message)}\n`)
      })) as object
    } finally {
      clearTimeout(guard)
      this.waiting = null
    }
  }

  private failure(what: string): LabError {
    const lines = this.lastLines.filter(line => line.trim()).slice(-3).join(' / ')
    return new LabError('engine-failed', {
      expected: `the contender ${this.name} to answer`, received: `${what}${lines && `: ${lines}`}`,
      remedy: 'Correct what the message names, or choose other contenders with --contenders',
    })
  }
}

/** A command that binds a program to so many processors, the same for all contenders; empty without taskset. */
function boundTo(threads: number): string[] {
  const processors = allowedProcessors().slice(0, threads)
  return processors.length ? ['taskset', '-c', processors.join(',')] : []
}

/** The number of threads, in the variables that the contenders read. */
function threadVariables(threads: number): Record<string, string> {
  const names = ['LAB_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS']
  return Object.fromEntries(names.map(name => [name, String(threads)]))
}
