/** What all commands share: options, help, errors, Ctrl-C, and one file a command. */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { activity, stages } from '../../scripts/command/progress.mjs'
import { HelpRequest, readOptions, UsageError, type CommandDescription } from '../../scripts/command/options.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { progressLine } from '../../src/lib/system/progress-line.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: Record<string, string> }

test('scripts/ holds one file a command, and nothing else', () => {
  const files = readdirSync(inProject('scripts'), { withFileTypes: true }).filter(entry => entry.isFile())
    .map(({ name }) => name).sort()
  const started = Object.values(scripts).map(line => line.replace(/^node scripts\/(command\/run-typescript\.mjs )?/, ''))
  const named = started.filter(name => name !== 'bench').map(name => (name.endsWith('.mjs') ? name : `${name}.ts`))
  expect(files).toEqual(named.sort())
})

describe('--help', () => {
  const own = Object.entries(scripts).filter(([, line]) => line.endsWith('.mjs'))
  /** Commands in TypeScript, by the file that runs after the set-up. */
  const inTypeScript = Object.entries(scripts).filter(([, line]) => !line.endsWith('.mjs'))
    .map(([name]) => [name, inProject(name === 'bench' ? 'bench' : 'scripts', `${name}.ts`)])
  const node = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: inProject() })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout
  }
  const expectHelp = (name: string, text: string) => {
    expect(text).toMatch(new RegExp(`^npm (run )?${name}\\b`))
    expect(text).toMatch(/ {2}--help +shows this text\n$/)
  }

  test.each(own)('shows the usage and ends well: npm run %s', (name, line) =>
    expectHelp(name, node(inProject(line.replace('node ', '')), '--help')))

  test('shows the usage of every command in TypeScript', () => {
    const files = inTypeScript.map(([, file]) => file)
    const texts = JSON.parse(node('--import', 'tsx', inProject('test', 'fixtures', 'print-helps.ts'), ...files)) as string[]
    expect(texts).toHaveLength(files.length)
    for (const [i, [name]] of inTypeScript.entries()) expectHelp(name, texts[i])
  })

  test('ends a command in TypeScript well', () => {
    const [[name, file]] = inTypeScript
    expectHelp(name, node('--import', 'tsx', file, '--help'))
  })
})

describe('options', () => {
  const description: CommandDescription<'from' | 'count', 'list'> = {
    usage: 'npm run thing -- NAME [--from PATH]', does: 'Does a thing.',
    values: { from: 'where from', count: 'how many' }, flags: { list: 'lists things' }, words: [0, 1],
  }

  test('values, flags and words', () => {
    const options = readOptions(['x', '--from', 'y', '--count', '3', '--list'], description)
    expect([options.words, options.text('from'), options.whole('count', 1), options.flag('list')]).toEqual([['x'], 'y', 3, true])
  })

  test('what is not given is the fallback', () => {
    const options = readOptions([], description)
    expect([options.text('from'), options.whole('count', 7), options.decimal('count', undefined), options.flag('list')])
      .toEqual([undefined, 7, undefined, false])
  })

  test.each([
    [['--form', 'x'], /Unknown option '--form'/], [['--from'], /argument missing/], [['a', 'b'], /received a b\. Usage/],
    [['--list=yes'], /does not take an argument/],
  ])('%j is refused with the usage', (words, message) => {
    expect(() => readOptions(words, description)).toThrow(UsageError)
    expect(() => readOptions(words, description)).toThrow(message)
    expect(() => readOptions(words, description)).toThrow(/^bad-argument: [^\n]*Usage: npm run thing -- NAME \[--from PATH\]\.$/)
  })

  test.each(['-1', '1.5', 'many', ''])('%j is no whole number', value =>
    expect(() => readOptions(['--count', value].map((word, i) => (i && word === '-1' ? '=-1' : word)), description)
      .whole('count', 1)).toThrow(/--count to be a whole number/))

  test.each(['1.5', '.2', '3'])('%s is a number from 0', value =>
    expect(readOptions(['--count', value], description).decimal('count', 0)).toBe(Number(value)))

  test('a word that is not allowed names those that are', () =>
    expect(() => readOptions(['--from', 'z'], description).oneOf('from', ['x', 'y'], 'x'))
      .toThrow(/expected --from x or y, received --from z/))

  test('--help names every option', () => {
    expect(() => readOptions(['--help'], description)).toThrow(HelpRequest)
    for (const word of [/^npm run thing/, /--from … {3}where from/, /--list {5}lists things/])
      expect(() => readOptions(['--help'], description)).toThrow(word)
  })
})

describe('a command', () => {
  const main = inProject('scripts', 'command', 'main.mjs')
  const program = (body: string, options = '') => {
    const file = path(`${Math.random()}.mjs`)
    writeFileSync(file, `import { runCommand } from '${main}'\nawait runCommand(${body}${options && `, ${options}`})\n`)
    return file
  }

  test('that fails in a way that the user can mend prints the message alone', () => {
    const file = program('() => { throw Object.assign(new Error("no: expected this"), { remedy: "Do that" }) }')
    const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, 'no: expected this\n'])
  })

  test('with a fault of its own shows where', () => {
    const { status, stderr } = spawnSync(process.execPath, [program('() => { throw new Error("a fault") }')], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/a fault\n {4}at /)
  })

  test('shows names and texts, and lets no terminal obey them', () => {
    const name = '\\u001b]0;title\\u0007\\u001b[31mred\\r\\u202egnp.exe\\u009b2J\\tend\\nnext'
    const file = program(`() => {
      console.log("${name}")
      console.error("${name}")
      throw Object.assign(new Error("${name}"), { remedy: "" })
    }`)
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    const shown = '\ufffd]0;title\ufffd\ufffd[31mred\ufffd\ufffdgnp.exe\ufffd2J\tend\nnext\n'
    expect([stdout, stderr]).toEqual([shown, shown + shown])
  })

  test('whose output nobody reads any more says nothing about it', () => {
    const work = 'async () => { for (let i = 0; i < 1e4; i++) { console.log(i); await new Promise(setImmediate) } }'
    const line = `"${process.execPath}" "${program(work)}" | head -n 1`
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' })
  })

  test('gives its exit status', () =>
    expect(spawnSync(process.execPath, [program('() => 7')]).status).toBe(7))

  /** Presses Ctrl-C when the program says that it works, and again after a while. */
  const pressed = (file: string, again: boolean) => new Promise<{ code: number | null; out: string }>(done => {
    const child = spawn(process.execPath, [file])
    let out = ''
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      // npm passes the terminal's Ctrl-C on: the same press arrives once more.
      const signals = again ? ['at work', 'after 50 ms', 'after 600 ms'] : ['at work', 'after 50 ms']
      if (signals.some(words => text.includes(words))) child.kill('SIGINT')
    })
    child.on('close', code => done({ code, out }))
  })
  /** Its clock goes on with each signal: by 50 ms, then by 600 ms. It saves so many milliseconds after the last one. */
  const saving = (after: number) => `(words, signal) => new Promise(done => {
    let now = 1000, timer = setInterval(() => {}, 1000)
    const times = [50, 600]
    performance.now = () => now
    process.on('SIGINT', () => {
      const more = times.shift()
      now += more
      clearTimeout(timer)
      timer = setTimeout(() => { console.log('saved'); done() }, ${after})
      console.log('after ' + more + ' ms')
    })
    console.log('at work')
  })`

  test('ends at once on Ctrl-C', async () =>
    expect((await pressed(program(saving(500)), false)).code).toBe(130))

  test('that saves its work gets a signal first', async () => {
    const { code, out } = await pressed(program(saving(500), '{ savesOnInterrupt: true }'), false)
    expect(code).toBe(0)
    expect(out).toMatch(/saved\n$/)
  })

  test('that saves its work ends on a second Ctrl-C', async () => {
    const { code, out } = await pressed(program(saving(60_000), '{ savesOnInterrupt: true }'), true)
    expect(code).toBe(130)
    expect(out).not.toContain('saved')
  })
})

describe('progress', () => {
  afterEach(() => { vi.restoreAllMocks(); vi.unstubAllEnvs() })

  /** Collects what is written, as on a terminal 20 columns wide or as in a pipe. */
  function written(isTerminal: boolean): string[] {
    const texts: string[] = []
    vi.stubEnv('CI', '')
    vi.spyOn(process.stdout, 'write').mockImplementation(text => texts.push(String(text)) > 0)
    vi.spyOn(console, 'log').mockImplementation(text => void texts.push(`${text}\n`))
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(
      Object.assign(Object.create(process.stdout) as typeof process.stdout, { isTTY: isTerminal, columns: 20 }))
    return texts
  }

  test('on a terminal is one line, rewritten and cut to the width', () => {
    const texts = written(true), line = progressLine()
    line.show('x'.repeat(30))
    line.say('done')
    line.say('more')
    expect(texts).toEqual([`\r\x1b[2K${'x'.repeat(19)}`, '\r\x1b[2K', 'done\n', 'more\n'])
  })

  test('in a pipe has only the lines that stay', () => {
    const texts = written(false), line = progressLine()
    line.show('half')
    line.say('done')
    expect(texts).toEqual(['done\n'])
  })

  test('of an activity tells how long it took, whatever the clock says', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const texts = written(false), shown = activity('copying')
    vi.setSystemTime(Date.now() + 3_600_000)
    shown.end()
    vi.useRealTimers()
    expect(texts).toEqual(['  copying …\n', '  copying · done in 0 s\n'])
  })

  test('of stages is a line a stage in a pipe', () => {
    const texts = written(false), show = stages()
    for (const done of [1, 2, 3]) show('reading', done, 3)
    show('checking', 1, null)
    expect(texts).toEqual(['reading\n', 'checking\n'])
  })

  test('of stages is a share on a terminal, and each stage’s end stays', () => {
    const texts = written(true), show = stages()
    show('reading', 1, 3)
    show('reading', 3, 3)
    expect(texts).toEqual(['\r\x1b[2Kreading 33 %', '\r\x1b[2K', 'reading 100 %\n'])
  })
})
