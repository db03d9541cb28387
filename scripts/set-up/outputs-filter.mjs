/** The git filter that stores notebooks without outputs: see .gitattributes and scripts/notebooks/strip-outputs.mjs. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inProject, root } from './project.mjs'

const setting = ['filter.notebook-outputs.clean', 'node scripts/notebooks/strip-outputs.mjs']

/** Registers the filter in this clone's settings. Does nothing without git. */
export function registerOutputsFilter() {
  if (!existsSync(inProject('.git'))) return
  const git = (...args) => spawnSync('git', ['config', '--local', ...args], { cwd: root, encoding: 'utf8' })
  if (git('--get', setting[0]).stdout?.trim() !== setting[1]) git(...setting)
}
