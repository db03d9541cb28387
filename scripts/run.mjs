/** Runs one of the project's TypeScript programs after the set-up: `node scripts/run.mjs data --list`. */
import { setUp } from './set-up.mjs'
import { benchPackages } from './set-up/bench-packages.mjs'
import { inForeground } from './set-up/command.mjs'
import { runMain } from './set-up/fault.mjs'
import { inProject } from './set-up/project.mjs'

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2)
  await setUp(name === 'bench' ? [benchPackages] : [])
  return inForeground(process.execPath, ['--import', 'tsx', inProject(name === 'bench' ? 'bench' : 'scripts', `${name}.ts`), ...args])
})
