/**
 * `npm run pack`: an archive of the project and of all that it needs, for a machine without a network
 * (docs/without-a-network.md).
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { activity } from './command/progress.mjs'
import { say, size } from './command/text.mjs'
import { userPath } from './command/user-path.mjs'
import { bytesOf, hashesOf, hashList, writeParts, writeScript } from './pack/archive.mjs'
import { checkOut, committedState, filesBelow, isUnopenedPackage } from './pack/contents.mjs'
import { checkPackable, partSize, systemOf } from './pack/machine.mjs'
import { packedNode, packedWheels, pythons, toolsFolder } from './pack/tools.mjs'
import { setUp } from './set-up.mjs'
import { requireRoom } from './set-up/disk.mjs'
import { compiledBinding } from './set-up/engine.mjs'
import { libraries } from './set-up/libraries.mjs'
import { engineVariant, inProject, root } from './set-up/project.mjs'
import { withLock } from '../src/lib/system/lock.mjs'

const description = {
  usage: 'npm run pack [-- [--gpu] [--parts 500MB] [--to FOLDER]]',
  does: 'Writes the project, Node, TensorFlow and all packages into a folder for a machine without a network, which unpacks\n'
    + 'it with ./unpack FOLDER. It holds what is committed, and neither data sets nor results.',
  values: { parts: 'the size of each part, such as 500MB; default 2GB', to: 'the folder to write; default lab-pack' },
  flags: { gpu: 'packs TensorFlow for NVIDIA cards, which also runs without one' },
}

/** What the set-up adds to the unpacked files: the Python environment and the library for notebooks. */
const setUpBytes = 500e6

await runCommand(async words => {
  const options = readOptions(words, description)
  const partBytes = partSize(options.text('parts') ?? '2GB')
  if (partBytes === null) options.refuse('--parts to be a size from 1MB, such as 500MB or 2GB', `--parts ${options.text('parts')}`)
  const variant = options.flag('gpu') ? 'gpu' : 'cpu'
  const to = options.text('to') === undefined ? inProject('lab-pack') : userPath(options.text('to'))
  const state = committedState(root)
  checkPackable(to)
  const engine = variant === engineVariant() ? [] : [libraries(variant), compiledBinding(variant)]
  await setUp([...engine, packedNode, packedWheels])
  checkPackable(to, variant)
  if (state.changed.length) say(notPacked(state.changed))
  await withLock(inProject('.cache', 'pack.lock'), () => pack(state, variant, to, partBytes), { onBusy: 'wait', purpose: 'packing', say })
})

async function pack({ commit, committed }, variant, to, partBytes) {
  const scratch = inProject('.cache', 'pack'), tree = join(scratch, 'tree'), making = `${to}.making`
  checkOut(root, commit, tree)
  mkdirSync(join(tree, '.pack', 'licences'), { recursive: true })
  const about = { commit, committed, variant, machine: systemOf().machine, pythons }
  writeFileSync(join(tree, '.pack', 'about.json'), `${JSON.stringify(about, null, 2)}\n`)
  copyFileSync(inProject('scripts', 'pack', 'npm.sh'), join(tree, 'npm'))
  chmodSync(join(tree, 'npm'), 0o755)
  // TensorFlow's package has its licence among headers that are not installed. It is the same as this project's.
  copyFileSync(inProject('LICENSE'), join(tree, '.pack', 'licences', 'tensorflow.txt'))
  const sources = () => [
    { folder: tree, names: filesBelow(tree) },
    { folder: toolsFolder, names: filesBelow(toolsFolder) },
    { folder: root, names: filesBelow(root, 'node_modules', isUnopenedPackage) },
    { folder: root, names: filesBelow(root, join('.engine', variant)) },
  ]
  await shown('hashes of all files', async () => writeFileSync(join(tree, hashList), await hashesOf(sources())))
  const all = sources(), bytes = bytesOf(all)
  // No pack was ever more than half of its files.
  requireRoom(bytes / 2, freeBytes(dirname(to)))
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  let written = 0
  try {
    const parts = await shown(`packing ${size(bytes)}`, () =>
      writeParts(all, { to: making, scratch, partBytes, onBytes: count => { written = count } }), () => size(written))
    const [oldest, newest] = pythons
    writeScript(making, parts, { ...systemOf(), oldest, newest, kilobytes: Math.ceil((bytes + setUpBytes) / 1000) })
    writeFileSync(join(making, 'READ-ME.txt'), readFileSync(inProject('scripts', 'pack', 'read-me.txt'), 'utf8')
      .replace('COMMIT', commit).replace('FOLDER-OF-PACK', basename(to)))
    renameSync(making, to)
    say(`${to}: ${size(written)} in ${parts.length === 1 ? '1 part' : `${parts.length} parts`}.`)
    say('Copy the whole folder to the other machine; there: ./unpack FOLDER')
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

/** Does some work, and shows that it goes on. */
async function shown(title, work, look) {
  const show = activity(title, look)
  try {
    const result = await work()
    show.end()
    return result
  } catch (error) {
    show.end('failed')
    throw error
  }
}

function notPacked(names) {
  const shown = names.slice(0, 5).join(', ')
  return `Not committed, and packed as in the last commit or not at all: ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''}.`
}

function freeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
