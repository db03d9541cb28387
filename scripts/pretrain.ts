/** Makes start weights: npm run pretrain -- fractals … Ctrl-C saves the run; the same command goes on with it. */
import { LabError } from '../src/lib/system/errors'
import { compare } from './pretrain/compare'
import { contrastive } from './pretrain/contrastive'
import { fractals } from './pretrain/fractals'

/** Each takes the words behind its name. */
const tasks: Readonly<Record<string, (words: string[], signal: AbortSignal) => Promise<void>>> =
  { fractals, contrastive, compare }

async function main([name, ...words]: string[]): Promise<void> {
  const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined
  if (!task)
    throw new LabError('bad-argument', {
      expected: `npm run pretrain -- ${Object.keys(tasks).join(' … or ')} …`, received: name ?? 'nothing',
      remedy: 'Name what to learn from',
    })
  const cancel = new AbortController()
  process.once('SIGINT', () => cancel.abort())
  await task(words, cancel.signal)
}

main(process.argv.slice(2)).catch((fault: unknown) => {
  console.error(fault instanceof LabError ? fault.message : fault)
  process.exitCode = 1
})
