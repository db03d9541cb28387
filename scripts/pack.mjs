/**
 * `npm run pack`: an archive of the project and of all that it needs, for a machine without a network
 * (docs/without-a-network.md).
 */
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { activity } from './command/progress.mjs'
import { say, size } from './command/text.mjs'
import { userPath } from './command/user-path.mjs'
import { bytesOf, hashesOf, hashList, writeParts, writeScript } from './pack/archive.mjs'
import { changedSince, statesOf } from './pack/changes.mjs'
import { checkOut, committedState, filesBelow, isUnopenedPackage } from './pack/contents.mjs'
import { checkPackable, partSize, systemOf } from './pack/machine.mjs'
import { checkTarget, readMe } from './pack/target.mjs'
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

/** No pack was ever more than this share of its files; measured: 0.455 with NVIDIA’s libraries, less without. */
const largestShare = 0.6

await runCommand(async words => {
  const options = readOptions(words, description)
  const partBytes = partSize(options.text('parts') ?? '2GB')
  if (partBytes === null) options.refuse('--parts to be a size from 1MB, such as 500MB or 2GB', `--parts ${options.text('parts')}`)
  const variant = options.flag('gpu') ? 'gpu' : 'cpu'
  const to = options.text('to') === undefined ? inProject('lab-pack') : userPath(options.text('to'))
  const state = committedState(root)
  checkPackable()
  checkTarget(to)
  const engine = variant === engineVariant() ? [] : [libraries(variant), compiledBinding(variant)]
  await setUp([...engine, packedNode, packedWheels])
  checkPackable(variant)
  if (state.changed.length) say(notPacked(state.changed))
  const work = () => {
    // The folder may have been made while this process waited for another one.
    checkTarget(to)
    return pack(state, variant, to, partBytes)
  }
  await withLock(inProject('.cache', 'pack.lock'), work, { onBusy: 'wait', purpose: 'packing', say })
})

async function pack({ commit, committed }, variant, to, partBytes) {
  const scratch = inProject('.cache', 'pack'), tree = join(scratch, 'tree'), making = `${to}.making`
  const clean = () => [making, tree].forEach(folder => rmSync(folder, { recursive: true, force: true }))
  // Ctrl-C ends the process without coming back here.
  process.once('exit', clean)
  let before = new Map()
  try {
    clean()
    checkOut(root, commit, tree)
    addToTree(tree, { commit, committed, variant, machine: systemOf().machine, pythons })
    const sources = [
      { folder: tree, names: filesBelow(tree) },
      { folder: toolsFolder, names: filesBelow(toolsFolder) },
      { folder: root, names: filesBelow(root, 'node_modules', isUnopenedPackage) },
      { folder: root, names: filesBelow(root, join('.engine', variant)) },
    ]
    before = statesOf(sources)
    const bytes = bytesOf(sources)
    requireRoom(bytes * largestShare, dirname(to))
    await shown('hashes of all files', async () => writeFileSync(join(tree, hashList), await hashesOf(sources)))
    sources[0].names.push(hashList)
    mkdirSync(making)
    let written = 0
    const onBytes = count => { written = count }
    const parts = await shown(`packing ${size(bytes)}`, () => writeParts(sources, { to: making, scratch, partBytes, onBytes }),
      () => size(written))
    const changed = changedSince(before)
    if (changed) throw changed
    const [oldest, newest] = pythons
    writeScript(making, parts, { ...systemOf(), oldest, newest, kilobytes: Math.ceil((bytes + setUpBytes) / 1024) })
    writeFileSync(join(making, 'READ-ME.txt'), readMe(commit, to))
    renameSync(making, to)
    say(`${to}: ${size(written)} in ${parts.length === 1 ? '1 part' : `${parts.length} parts`}.`)
    say('Copy the whole folder to the other machine; there: ./unpack FOLDER')
    if (variant === 'gpu') say('NVIDIA’s licence does not let all of it be passed on: docs/without-a-network.md says what.')
  } catch (error) {
    const ofChanges = error.code === 'ENOENT' || error.code === 'command-failed'
    throw (ofChanges && changedSince(before)) || error
  } finally {
    process.off('exit', clean)
    clean()
  }
}

/** Adds to the committed files what an unpacked folder has beside them. */
function addToTree(tree, about) {
  mkdirSync(join(tree, '.pack', 'licences'), { recursive: true })
  writeFileSync(join(tree, '.pack', 'about.json'), `${JSON.stringify(about, null, 2)}\n`)
  copyFileSync(inProject('scripts', 'pack', 'npm.sh'), join(tree, 'npm'))
  chmodSync(join(tree, 'npm'), 0o755)
  // TensorFlow's package has its licence among headers that are not installed. It is the same as this project's.
  copyFileSync(inProject('LICENSE'), join(tree, '.pack', 'licences', 'tensorflow.txt'))
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
