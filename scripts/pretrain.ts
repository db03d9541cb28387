/** `npm run pretrain`: makes start weights. Ctrl-C saves the run; the same command goes on with it. */
import { runCommand } from './command/main.mjs'
import { checkForHelp, UsageError } from './command/options.mjs'
import { contrastive } from './pretrain/contrastive'
import { fractals } from './pretrain/fractals'

/** Each gets the words behind its name. */
const tasks: Readonly<Record<string, (words: string[], signal: AbortSignal) => Promise<void>>> =
  { fractals, contrastive }

const usage = `npm run pretrain -- ${Object.keys(tasks).join(' … or ')} …`

void runCommand(async ([name, ...words], signal) => {
  checkForHelp(name ? [name] : [], { usage, does: 'Makes start weights. Each of these commands has a --help of its own.' })
  const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined
  if (!task)
    throw new UsageError(usage, name ?? 'nothing', 'Name what to train on')
  await task(words, signal)
}, { savesOnInterrupt: true })
