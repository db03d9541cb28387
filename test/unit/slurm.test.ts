/** The parts of the Slurm carrier that need no cluster: options, shares, scripts, the queue's text. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { chunksOf } from '../../src/lib/experiments/carriers/slurm/chunks'
import { completeSlurmOptions, type SlurmOptions } from '../../src/lib/experiments/carriers/slurm/options'
import { mostTasks, requireSlurm, slurm } from '../../src/lib/experiments/carriers/slurm/programs'
import { parseQueue } from '../../src/lib/experiments/carriers/slurm/queue'
import {
  afterArrayWords, arrayWords, literalPath, nodeScript, quoted, type JobRequest,
} from '../../src/lib/experiments/carriers/slurm/script'
import { formatTimeLimit, parseTimeLimit, warningBefore } from '../../src/lib/experiments/carriers/slurm/time-limit'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

describe('options', () => {
  test('have defaults', () => expect(completeSlurmOptions()).toEqual({
    partition: null, seconds: 7200, cpus: 4, gpus: 0, memory: null, atOnce: 50,
  }))

  test.each<SlurmOptions>([
    { time: '0:05:00', cpus: 1, gpus: 0, memory: 1, atOnce: 1 },
    { time: '30-00:00:00', cpus: 256, gpus: 1, memory: 4000, atOnce: 10_000, partition: 'short,gpu-2.a_b' },
  ])('%o are allowed', options => expect(() => completeSlurmOptions(options)).not.toThrow())

  test.each<[SlurmOptions, RegExp]>([
    [{ cpus: 0 }, /cpus to be a whole number from 1 to 256/], [{ cpus: 257 }, /cpus/], [{ cpus: 1.5 }, /cpus/],
    [{ gpus: 2 }, /A run uses one graphics card at most/], [{ gpus: -1 }, /gpus/], [{ memory: 0 }, /memory/],
    [{ memory: 4001 }, /memory counts GB/], [{ atOnce: 0 }, /atOnce/], [{ atOnce: 10_001 }, /atOnce/],
    [{ time: '0:04:59' }, /Choose a time from 0:05:00/], [{ time: '30-00:00:01' }, /time/],
    [{ partition: 'a b' }, /partition/], [{ partition: '' }, /partition/], [{ partition: '$(id)' }, /partition/],
    [{ cpu: 4 } as SlurmOptions, /did you mean cpus/],
  ])('%o are refused', (options, message) => expect(() => completeSlurmOptions(options)).toThrow(message))
})

describe('time limits', () => {
  test.each([
    ['2:00:00', 7200, '0-02:00:00'], ['1-12:00:00', 129_600, '1-12:00:00'], ['100:00:01', 360_001, '4-04:00:01'],
  ])('%s are %i seconds', (text, seconds, canonical) => {
    expect([parseTimeLimit(text), formatTimeLimit(seconds)]).toEqual([seconds, canonical])
    expect(parseTimeLimit(canonical)).toBe(seconds)
  })

  // Slurm reads the first as two minutes, the second as an hour and a half.
  test.each(['2:00', '90', '2h', '1:60:00', '1-24:00:00', '', ' 2:00:00'])('%j is refused', text =>
    expect(() => parseTimeLimit(text)).toThrow(/Write 2:00:00 for two hours/))

  test('warn early enough, and leave most of the time to the runs', () =>
    expect([300, 1200, 86_400].map(warningBefore)).toEqual([75, 300, 300]))
})

describe('the runs of the tasks', () => {
  const limits = { seconds: 7200, atOnce: 50, mostTasks: 1001 }
  const sizes = (chunks: number[][]) => chunks.map(chunk => chunk.length)

  test('spread over as many tasks as go on at once', () => {
    expect(chunksOf(Array(12).fill(60), limits)).toEqual(Array.from({ length: 12 }, (_, i) => [i]))
    expect(sizes(chunksOf(Array(12).fill(60), { ...limits, atOnce: 6 }))).toEqual(Array(6).fill(2))
    expect(sizes(chunksOf(Array(1000).fill(1), limits))).toEqual(Array(50).fill(20))
  })

  test('fit the time limit with room: in two hours, of which five minutes are for saving, 80 minutes', () => {
    expect(sizes(chunksOf(Array(16).fill(600), { ...limits, atOnce: 1 }))).toEqual([8, 8])
    expect(sizes(chunksOf(Array(3).fill(3000), { ...limits, atOnce: 1 }))).toEqual([1, 1, 1])
  })

  test('keep their order, each in one task', () => {
    const seconds = Array.from({ length: 100 }, (_, i) => (i % 7) * 300)
    expect(chunksOf(seconds, { ...limits, atOnce: 3 }).flat()).toEqual(seconds.map((_, i) => i))
  })

  test('have a task of their own where they are longer than the limit, or of unknown time', () =>
    expect(chunksOf([null, 1e6, 1, 1, null], { ...limits, atOnce: 1 })).toEqual([[0], [1], [2, 3], [4]]))

  test('share tasks where an array may not have so many', () => {
    const chunks = chunksOf(Array(5000).fill(4000), limits)
    expect(chunks.length).toBeLessThanOrEqual(1001)
    expect(chunks.length).toBeGreaterThan(700)
    expect(chunks.flat()).toHaveLength(5000)
  })

  test('are none where there are none', () => expect(chunksOf([], limits)).toEqual([]))
})

describe('scripts', () => {
  const texts = ['plain', 'two words', 'Anna\'s', '"$HOME"', '`id`', '$(id)', '\\', '*', '-n', '', 'ünï', ';true', '\'\'', '!x #']

  test('bash reads every quoted text as it was', () =>
    expect(execFileSync('bash', ['-c', `printf '%s\\n' ${texts.map(quoted).join(' ')}`], { encoding: 'utf8' }))
      .toBe(texts.map(text => `${text}\n`).join('')))

  test.each(['a\nb', 'a\rb', 'a\0b'])('%j is refused', text => expect(() => quoted(text)).toThrow(/one line/))

  test('run the program in the project, with the variables, in place of the shell', () => {
    const project = path('Anna\'s "$(project)"')
    mkdirSync(project)
    writeFileSync(path('fake node'), '#!/bin/bash\necho "$PPID|$PWD|$LAB_A|${LAB_B-unset}|$*"\n')
    chmodSync(path('fake node'), 0o755)
    const script = nodeScript({
      project, node: path('fake node'), words: ['a b.ts', 'it\'s'], variables: { LAB_A: '$x \'y\'' }, removed: ['LAB_B'],
    })
    const shell = execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, LAB_B: '1' } })
    expect(shell).toBe(`${process.pid}|${project}|$x 'y'|unset|--import tsx a b.ts it's\n`)
  })

  test('name no variable that is none', () =>
    expect(() => nodeScript({ project: '/', node: 'node', words: [], variables: { 'A;B': '' } })).toThrow(/variables/))

  const job: JobRequest = {
    ...completeSlurmOptions({ cpus: 2, gpus: 1, memory: 3, atOnce: 7, partition: 'short' }), name: 'lab-x',
    script: '/runs/a b/task.sh', output: `${literalPath('/runs/50% a')}/task-%a.txt`,
  }

  test('are submitted as one array that returns to the queue, with a signal before the limit', () =>
    expect(arrayWords(job, 12)).toEqual([
      '--parsable', '--job-name=lab-x', '--time=0-02:00:00', '--nodes=1', '--ntasks=1', '--partition=short', '--mem=3072M',
      '--open-mode=append', '--output=/runs/50%% a/task-%a.txt', '--array=0-11%7', '--cpus-per-task=2', '--gres=gpu:1',
      '--requeue', '--signal=B:USR2@300', '/runs/a b/task.sh',
    ]))

  test('are followed by a job of one core, whatever became of the tasks', () => {
    const words = afterArrayWords({ ...job, partition: null, memory: null }, 17)
    expect(words).toContain('--dependency=afterany:17')
    expect(words.filter(word => /partition|mem|gres|array/.test(word))).toEqual([])
  })

  test('lie in no folder whose name sbatch would misread', () => {
    expect(() => arrayWords({ ...job, output: '/a\\b/%a' }, 1)).toThrow(/backslash/)
    expect(() => arrayWords({ ...job, script: '/a\nb' }, 1)).toThrow(/line break/)
  })
})

describe('the queue', () => {
  test('is read line by line', () => expect(parseQueue(
    '17|0|RUNNING|n1|None|lab-a-1\n17|3|PENDING||(Resources|lab-a-1\n18|N/A|PENDING||Dependency|lab-a-1-record\n17|1|COMPLETING|n2|None|lab-a|b\n',
  )).toEqual([
    { name: 'lab-a-1', job: 17, task: 0, running: true, note: 'on n1' },
    { name: 'lab-a-1', job: 17, task: 3, running: false, note: '(Resources' },
    { name: 'lab-a-1-record', job: 18, task: null, running: false, note: 'Dependency' },
    { name: 'lab-a|b', job: 17, task: 1, running: true, note: 'on n2' },
  ]))

  test.each(['slurm_load_jobs error', '17|[0-3]|PENDING||None|lab-a'])('%j is refused: no task may be overlooked', line =>
    expect(() => parseQueue(line)).toThrow(/squeue to print/))
})

describe('Slurm’s programs', () => {
  beforeAll(() => vi.stubEnv('PATH', path('bin')))
  afterAll(() => vi.unstubAllEnvs())
  const program = (name: string, body: string) => {
    mkdirSync(path('bin'), { recursive: true })
    writeFileSync(path('bin', name), `#!/bin/bash\n${body}\n`)
    chmodSync(path('bin', name), 0o755)
  }

  test('are missed in one sentence that says what to do', async () => {
    const fault = await requireSlurm().catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'scheduler-missing' })
    expect((fault as Error).message).toBe('scheduler-missing: expected Slurm\'s program sbatch on this machine, received none on the '
      + 'PATH. Run the command on the cluster’s login node, or leave out --on slurm to use this machine.')
  })

  test('say why they refuse', async () => {
    program('sbatch', 'echo "sbatch: error: invalid partition specified: x" >&2; echo "sbatch: error: Batch job submission failed: '
      + 'Invalid partition name specified" >&2; exit 1')
    await expect(slurm('sbatch', [])).rejects.toMatchObject({
      code: 'scheduler-failed',
      received: 'invalid partition specified: x; Batch job submission failed: Invalid partition name specified',
    })
  })

  test('say how long an array may be', async () => {
    program('scontrol', 'echo "MaxArraySize            = 501"')
    expect(await mostTasks()).toBe(501)
    program('scontrol', 'echo "nothing"')
    expect(await mostTasks()).toBe(1001)
  })
})
