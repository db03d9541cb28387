/** `npm run lab`: JupyterLab on the project's kernel; the library is rebuilt whenever its source changes. */
import { watch } from 'node:fs'
import { setUp } from './set-up.mjs'
import { inForeground } from './set-up/command.mjs'
import { SetUpFault, runMain } from './set-up/fault.mjs'
import { library } from './set-up/library.mjs'
import { withLock } from '../src/lib/system/lock.mjs'
import { inProject, root, venvPython } from './set-up/project.mjs'
import { isDone, perform } from './set-up/step.mjs'
import { say } from './set-up/terminal.mjs'

/** Editors write a file in several strokes: a rebuild waits until they rest. Milliseconds. */
const rest = 300

await runMain(async () => {
  await setUp()
  rebuildOnChange()
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []
  const status = await inForeground(venvPython, ['-m', 'jupyterlab', `--ServerApp.root_dir=${root}`,
    '--LabApp.default_url=/lab/tree/notebooks', ...asRoot, ...process.argv.slice(2)])
  // The watcher would keep this process alive.
  process.exit(status)
})

function rebuildOnChange() {
  let timer
  watch(inProject('src', 'lib'), { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => rebuild().catch(report), rest)
  })
}

async function rebuild() {
  if (isDone(library)) return
  await withLock(inProject('.cache', 'set-up.lock'), () => perform(library), { onBusy: 'wait', purpose: 'setting up', say })
  say('  The library has changed: restart the kernel (Kernel → Restart) to use it.')
}

function report(fault) {
  if (!(fault instanceof SetUpFault)) throw fault
  say(fault.message)
}
