/** The npm packages, from the lock file. */
import { existsSync } from 'node:fs'
import { command } from './command.mjs'
import { requireNetwork } from './packed.mjs'
import { SetUpError } from './set-up-error.mjs'
import { inProject, onPath } from './project.mjs'
import { textOf } from './step.mjs'

/** The lowest supported version of Node, and the first one that is too new. */
const lowest = [20, 19]
const tooNew = 25

/** @throws SetUpError 'node-too-old' or 'node-too-new' @param {string} version such as 20.19.0 */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  const remedy = 'install Node 20.19, 22 or 24 (nvm and the system’s package manager have them) and try again'
  const expected = `Node ${lowest.join('.')} up to ${tooNew - 1}`
  if (major < lowest[0] || (major === lowest[0] && minor < lowest[1]))
    throw new SetUpError('node-too-old', { expected, received: `Node ${version}`, remedy })
  if (major >= tooNew) throw new SetUpError('node-too-new', { expected, received: `Node ${version}`, remedy })
}

/** @type {import('./step.mjs').Step} */
export const nodePackages = {
  title: 'npm packages',
  from: 'package-lock.json',
  stamp: inProject('node_modules', '.made-from'),
  inputs: () => [textOf(inProject('package-lock.json')), process.platform, process.arch],
  isUsable: () => existsSync(inProject('node_modules', 'esbuild')),
  // Those that are there already make way.
  get disk() { return existsSync(inProject('node_modules')) ? 0 : 950e6 },
  async make(show) {
    requireNetwork('the npm packages of package-lock.json')
    const total = packagesForThisMachine()
    let fetched = 0
    const onLine = line => {
      if (/http fetch GET 200 \S+\.tgz/.test(line)) show.update(`${++fetched} of about ${total} packages`)
    }
    const [program, ...first] = npm()
    await command('npm packages', program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=http'], { onLine })
  },
}

/** How many packages the lock file has for this system and processor. */
function packagesForThisMachine() {
  const fits = (list, value) => !list || list.includes(value)
  const { packages } = JSON.parse(textOf(inProject('package-lock.json')))
  return Object.values(packages).filter(({ os, cpu }) => fits(os, process.platform) && fits(cpu, process.arch)).length
}

/** The npm that started this program, else the npm on the path: a program and its first arguments. */
export function npm() {
  const started = process.env.npm_execpath
  if (started?.endsWith('npm-cli.js')) return [process.execPath, started]
  if (onPath('npm')) return ['npm']
  throw new SetUpError('no-npm', {
    expected: 'npm on the path', received: 'none', remedy: 'install npm, which comes with Node, and try again',
  })
}
