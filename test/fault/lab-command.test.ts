/** Who may come into JupyterLab: this machine's user with the token, unless the user asks for more. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { labArguments } from '../../scripts/notebooks/lab-arguments.mjs'
import { environment, inProject, venvPython } from '../../scripts/set-up/project.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

test('without a word from the user, every guard is on', () => {
  const { args, warnings } = labArguments('/lab', ['--no-browser'])
  const guards = ['ip=127.0.0.1', 'allow_remote_access=False', 'allow_origin=', 'allow_origin_pat=', 'disable_check_xsrf=False']
  expect(args).toEqual(['--ServerApp.root_dir=/lab', '--LabApp.default_url=/lab/tree/notebooks',
    ...guards.map(guard => `--ServerApp.${guard}`), '--no-browser'])
  expect(warnings).toEqual([])
})

test.each([
  ['--ip=127.0.0.1'], ['--ServerApp.ip=localhost'], ['--ip=::1'], ['--ServerApp.allow_origin='],
  ['--ServerApp.disable_check_xsrf=false'], ['--IdentityProvider.token=long-enough'], ['--zip=0.0.0.0'],
])('%s is as safe', word => expect(labArguments('/lab', [word]).warnings).toEqual([]))

test.each([
  [['--ip=0.0.0.0'], /^--ip as you ask: other machines can reach JupyterLab, unencrypted, and whoever has its token/],
  [['--ServerApp.ip', '192.168.0.7'], /^--ip as you ask/], 
  [['--ServerApp.ip=127.0.0.1.example.org'], /^--ip as you ask/], [['--ip='], /^--ip/],
  [['--ServerApp.token='], /^No token, as you ask: every program and user of this machine/],
  [['--IdentityProvider.token', ''], /^No token/],
  [['--ServerApp.allow_origin=*'], /^--allow_origin as you ask: pages of other sites/],
  [['--ServerApp.disable_check_xsrf=True'], /^--disable_check_xsrf as you ask/],
])('%s is done and said in one sentence', (words, sentence) => {
  const { args, warnings } = labArguments('/lab', words)
  expect(warnings).toEqual([expect.stringMatching(sentence)])
  expect(args.slice(-words.length)).toEqual(words)
  // JupyterLab refuses an argument that comes twice.
  const names = args.map(arg => arg.replace(/^--(\w+\.)?|=.*/g, ''))
  expect(new Set(names).size).toBe(names.length)
})

test('settings files that open everything open nothing', async () => {
  const config = folder('settings')
  mkdirSync(config)
  writeFileSync(folder('settings', 'jupyter_server_config.json'), JSON.stringify({
    ServerApp: { ip: '0.0.0.0', allow_origin: '*', disable_check_xsrf: true, allow_remote_access: true, token: '' },
    IdentityProvider: { token: '' },
  }))
  // Port 0: the server finds a free one, and prints it.
  const { args } = labArguments(inProject(), ['--no-browser', '--allow-root', '--ServerApp.port=0'])
  const lab = spawn(venvPython, [inProject('scripts', 'notebooks', 'start-lab.py'), ...args], {
    cwd: inProject(), env: { ...environment(), HOME: folder(), JUPYTER_CONFIG_DIR: config, JUPYTER_RUNTIME_DIR: folder('runtime') },
  })
  try {
    let words = ''
    for (const stream of [lab.stdout, lab.stderr]) stream.on('data', chunk => { words += chunk })
    let found: RegExpExecArray | null
    while (!(found = /:(\d+)\/\S*\?token=([0-9a-f]{48})/.exec(words))) {
      if (lab.exitCode !== null) throw new Error(words)
      await pause(100)
    }
    const port = Number(found[1]), token = found[2]
    expect(words).toMatch(/A settings file of Jupyter turns the token off\. It is asked for even so\./)
    const right = { Authorization: `token ${token}` }
    const statusOf = (headers: Record<string, string>) => new Promise((answer, fail) => {
      get({ host: '127.0.0.1', port, path: '/api/kernels', headers }, ({ statusCode }) => answer(statusCode)).on('error', fail)
    })
    // The server prints its address before it listens.
    while (await statusOf({}).catch((fault: { code: string }) => fault.code) === 'ECONNREFUSED') await pause(100)
    expect([await statusOf({}), await statusOf({ Authorization: 'token wrong' }), await statusOf(right)]).toEqual([403, 403, 200])
    // Pages of other sites, and other names for this machine.
    expect(await statusOf({ Origin: 'http://elsewhere.example' })).toBe(404)
    expect(await statusOf({ ...right, Host: 'elsewhere.example' })).toBe(403)
    expect(listening(port)).toEqual(['0100007F'])
  } finally {
    lab.kill('SIGTERM')
    await new Promise(closed => lab.once('close', closed))
  }
})

/** The addresses on which a port is open, as the kernel writes them: 0100007F is 127.0.0.1. */
function listening(port: number): string[] {
  const open = ['tcp', 'tcp6'].flatMap(name => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
    .map(line => line.trim().split(/\s+/)).filter(([, , , state]) => state === '0A').map(([, address]) => address.split(':'))
  return open.filter(([, its]) => parseInt(its, 16) === port).map(([address]) => address)
}
