/** `npm run lab`: JupyterLab on the project's kernel; the library is rebuilt whenever its source changes. */
import { watch } from 'node:fs'
import { runCommand } from './command/main.mjs'
import { checkForHelp } from './command/options.mjs'
import { say } from './command/text.mjs'
import { setUp } from './set-up.mjs'
import { labArguments } from './notebooks/lab-arguments.mjs'
import { inForeground } from './set-up/command.mjs'
import { SetUpError } from './set-up/set-up-error.mjs'
import { library } from './set-up/library.mjs'
import { withLock } from '../src/lib/system/lock.mjs'
import { inProject, root, venvPython } from './set-up/project.mjs'
import { isDone, perform } from './set-up/step.mjs'

/** Editors save a file in several writes: a rebuild waits until none has come for so long. Milliseconds. */
const quietTime = 300

await runCommand(async words => {
  checkForHelp(words, {
    usage: 'npm run lab [-- OPTION…]', does: 'Opens JupyterLab on the notebooks. JupyterLab gets all options.',
  })
  await setUp()
  rebuildOnChange()
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []
  const { args, warnings } = labArguments(root, words)
  warnings.forEach(say)
  const status = await inForeground(venvPython, [inProject('scripts', 'notebooks', 'start-lab.py'), ...asRoot, ...args])
  // Without an exit, the watcher would keep this process alive.
  process.exit(status)
})

function rebuildOnChange() {
  let timer
  const change = () => {
    clearTimeout(timer)
    timer = setTimeout(() => rebuild().catch(report), quietTime)
  }
  const give = error => say(`  The library is not rebuilt when it changes (${error.code}): run npm run setup after a change.`)
  try {
    watch(inProject('src', 'lib'), { recursive: true }, change).on('error', give)
  } catch (error) {
    give(error)
  }
}

async function rebuild() {
  if (isDone(library)) return
  await withLock(inProject('.cache', 'set-up.lock'), () => perform(library), { onBusy: 'wait', purpose: 'setting up', say })
  say('  The library has changed: restart the kernel (Kernel → Restart) to use it.')
}

function report(error) {
  if (!(error instanceof SetUpError)) throw error
  say(error.message)
}
