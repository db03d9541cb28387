/** Has git store notebooks without their outputs: see .gitattributes and scripts/strip-outputs.mjs. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inProject, root } from './project.mjs'

const setting = ['filter.notebook-outputs.clean', 'node scripts/strip-outputs.mjs']

/** Registers the filter in this clone's own settings, if it is a clone and git is there. */
export function registerOutputsFilter() {
  if (!existsSync(inProject('.git'))) return
  const git = (...args) => spawnSync('git', ['config', '--local', ...args], { cwd: root, encoding: 'utf8' })
  if (git('--get', setting[0]).stdout?.trim() !== setting[1]) git(...setting)
}
