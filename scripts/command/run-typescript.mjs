/** Runs one of the commands in TypeScript after the set-up: `node scripts/command/run-typescript.mjs data --list`. */
import { setUp } from '../set-up.mjs'
import { benchPackages } from '../set-up/bench-packages.mjs'
import { inForeground } from '../set-up/command.mjs'
import { inProject } from '../set-up/project.mjs'
import { runCommand } from './main.mjs'

await runCommand(async ([name, ...args]) => {
  await setUp(name === 'bench' ? [benchPackages] : [])
  const program = inProject(name === 'bench' ? 'bench' : 'scripts', `${name}.ts`)
  return inForeground(process.execPath, ['--import', 'tsx', program, ...args])
})
