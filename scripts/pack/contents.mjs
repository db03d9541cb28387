/** Which files a pack holds: what is committed, and what the set-up has installed; never data, results or tokens. */
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { SetUpError } from '../set-up/set-up-error.mjs'

/** What the installed packages were made from: changes there that are not committed would not fit them. */
const installedFrom = ['package.json', 'package-lock.json', 'native', 'scripts/requirements', 'scripts/set-up']

/** A licence always comes along. */
const licence = /^(licen[sc]e|notice|copying|copyright|third[-_]party)/i

/**
 * The commit that is packed, and the files that differ from it.
 * @param {string} root the project's folder
 * @returns {{ commit: string, committed: string, changed: string[] }} `committed` is the commit's date
 * @throws SetUpError 'not-a-clone', 'not-committed'
 */
export function committedState(root) {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })
  const top = git('rev-parse', '--show-toplevel')
  if (top.status !== 0 || realpathSync(top.stdout.trim()) !== realpathSync(root))
    throw new SetUpError('not-a-clone', {
      expected: 'a clone of the project, whose git says which files belong to it',
      received: top.error ? 'no program git' : `${root} without a history`,
      remedy: existsSync(join(root, '.pack')) ? 'copy the pack from which this folder was unpacked' : 'clone the project with git, and pack the clone',
    })
  const head = git('log', '-1', '--format=%H %cI')
  if (head.status !== 0)
    throw new SetUpError('not-committed', { expected: 'a commit to pack', received: 'none', remedy: 'commit the files first' })
  const [commit, committed] = head.stdout.trim().split(' ')
  const status = git('status', '--porcelain', '-z', '--no-renames', '--untracked-files=all').stdout
  const changed = status.split('\0').filter(Boolean).map(line => line.slice(3))
  const unfit = changed.filter(name => installedFrom.some(from => name === from || name.startsWith(`${from}/`)))
  if (unfit.length)
    throw new SetUpError('not-committed', {
      expected: 'what is installed to come from what is committed', received: `changes in ${unfit.slice(0, 3).join(', ')}`,
      remedy: 'commit them (or git stash them), and pack again',
    })
  return { commit, committed, changed }
}

/** Writes the committed files into an empty folder. @throws SetUpError */
export function checkOut(root, commit, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const archive = spawnSync('git', ['archive', '--format=tar', commit], { cwd: root, maxBuffer: 2 ** 31 - 1 })
  const failed = archive.status === 0
    ? spawnSync('tar', ['-xf', '-', '-C', folder], { input: archive.stdout, encoding: 'utf8' }) : archive
  if (failed.status !== 0)
    throw new SetUpError('command-failed', {
      expected: 'git and tar to write the committed files', received: String(failed.stderr || failed.error).trim().split('\n').at(-1),
      remedy: 'repair that, and pack again',
    })
}

/**
 * Of the npm packages: source maps, a third of their size, which only debuggers open; caches of tests; the copy of the
 * binding, which may be that of another engine than the packed one, and is made anew where the pack is unpacked.
 */
export const isUnopenedPackage = name =>
  name.endsWith('.map') || /^node_modules\/(\.(vite|cache)|@tensorflow\/tfjs-node-gpu\/lib\/napi-v8\/)/.test(name)

/**
 * The files and links below a folder, in order, by their paths from `folder`.
 * @param {string} folder
 * @param {string} [below] only below this path in the folder
 * @param {(name: string) => boolean} [leaveOut] what is left out; licences never are
 * @throws SetUpError for names that lists of hashes cannot hold, and for links to a path of this machine
 */
export function filesBelow(folder, below = '', leaveOut = () => false) {
  const names = readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter(name => licence.test(name.split('/').at(-1)) || !leaveOut(name)).sort()
  const odd = names.find(name => /[\\\n\r]/.test(name))
  if (odd) throw new SetUpError('bad-path', {
    expected: 'names without line breaks and backslashes', received: JSON.stringify(odd), remedy: 'rename it, and pack again',
  })
  const link = names.find(name => {
    const path = join(folder, name)
    return lstatSync(path).isSymbolicLink() && isAbsolute(readlinkSync(path))
  })
  if (link) throw new SetUpError('bad-path', {
    expected: 'links within the project', received: `${link}, which leads to ${readlinkSync(join(folder, link))}`,
    remedy: 'remove it (npm run setup makes anew what the project needs), and pack again',
  })
  return names
}

/** Whether a path is a file of its own, not a link. */
export const isFile = path => lstatSync(path).isFile()
