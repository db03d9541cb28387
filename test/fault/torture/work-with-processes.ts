/** Kinds of work that several processes carry out. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDataset } from '../../../src/lib/data/registry'
import { writeFileAtomic } from '../../../src/lib/system/files'
import { sha256 } from '../../../src/lib/system/hash'
import { makeZip } from '../../fixtures/zip'
import { pictures } from './pictures'
import { carryOutPlan, hashOfRuns, smallPlan } from './small-plan'

/** What `npm run experiment -- PLAN --workers 2` does. @returns a hash of the results */
export async function planOfTwoWorkers(folder: string): Promise<string> {
  const plan = smallPlan(join(folder, 'rows.csv'))
  await carryOutPlan(plan, folder, 2)
  return hashOfRuns(plan, folder)
}

/** Imports a zip with `npm run data`, whose bundle lies beside this one. @returns a hash of the set */
export async function zipByCommand(folder: string): Promise<string> {
  const zip = join(folder, 'pictures.zip')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(zip)) await writeFileAtomic(zip, makeZip(await pictures()))
  await new Promise<void>((done, fail) => {
    const words = [join(__dirname, 'data-command.cjs'), 'made-up', '--from', zip]
    spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
      .on('close', status => status === 0 ? done() : fail(new Error(`the command ended with status ${status}`)))
  })
  const set = await openDataset('made-up')
  return sha256(set.contentHash + (await set.read(17)).data.join())
}
