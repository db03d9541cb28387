/**
 * `npm run torture`: kills work at random moments, lets processes do the same at once, reads damaged files, and tells
 * what was lost and what did harm.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { dataTable, toText } from '../src/lib/display/tables'
import { inProject } from '../src/lib/system/project-root'
import { compileFaults, surveyDisk } from '../test/fault/torture/disk'
import { killedPrograms, surveyKills } from '../test/fault/torture/kills'
import { crafted, kinds, mutations as mutationsOf, readHarmful, surveysText } from '../test/fault/torture/mutations'
import { surveyTogether } from '../test/fault/torture/together'
import { surveyMemory } from '../test/fault/torture/memory'
import { works } from '../test/fault/torture/works'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { SetUpError } from './set-up/set-up-error.mjs'

const folder = inProject('.cache', 'torture')

async function main(args: string[]): Promise<number> {
  const options = readOptions(args, {
    usage: 'npm run torture -- [--kills 100] [--together 20] [--mutations 1700] [--first 0] [--disk] [--memory 1000]',
    does: 'Kills work at random moments and lets a fresh process go on: its end must be that of work which nobody killed, to\n'
      + 'the bit. Lets several processes do the same at once: nothing may be lost or done twice. Reads damaged files of every\n'
      + 'kind: each must be refused with a typed error, or read; none may end a process, hang it, or take much time or memory.\n'
      + 'Lets disks fail: the old content must be there, or the new one. The exit status is 1 where something was lost or did\n'
      + 'harm.',
    values: {
      kills: 'shared among the kinds of work; default 100',
      together: 'how often processes do each kind of work at once; default 20',
      mutations: 'shared among the kinds of files; default 1700',
      first: 'the number of the first damaged file of each kind; another number gives other files',
      memory: 'only memory: so many steps of every kind of training and of prediction in one process',
    },
    flags: { disk: 'only failing disks: every kind of work, each of its calls in turn, with each fault; an hour' },
  })
  const kills = options.whole('kills', 100), rounds = options.whole('together', 20)
  const mutations = options.whole('mutations', 1700), first = options.whole('first', 0)
  rmSync(folder, { recursive: true, force: true })
  try {
    if (options.flag('disk')) return await failDisks()
    const steps = options.whole('memory', 0)
    if (steps) return await measureMemory(steps)
    const lost = kills ? await killAll(Math.ceil(kills / works.length)) : []
    if (rounds) lost.push(...await allTogether(rounds))
    const harmful = mutations ? await damageAll(first, Math.ceil(mutations / kinds.length)) : []
    for (const line of [...lost, ...harmful]) console.log(line)
    return lost.length + harmful.length ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function killAll(each: number): Promise<string[]> {
  const surveys = [], programs = await killedPrograms()
  try {
    for (const work of works) {
      console.log(`killing ${work}, ${each} times`)
      surveys.push(await surveyKills(work, each, join(folder, work), programs.folder))
    }
  } finally {
    programs.remove()
  }
  console.log(toText(dataTable('kills', 'Killed at random moments', surveys.map(({ work, kills, lost }) =>
    ({ work, kills, lost: lost.length })))))
  return surveys.flatMap(({ work, lost }) => lost.map(words => `lost: ${work}, ${words}`))
}

async function failDisks(): Promise<number> {
  const faults = compileFaults(join(folder, 'faults'))
  if (!faults) throw new SetUpError('unsupported-platform', {
    expected: 'Linux, with the C compiler cc', received: 'none', remedy: 'install a C compiler, and run this again',
  })
  console.log('carrying work out on failing disks')
  const surveys = await surveyDisk('all', faults, join(folder, 'disk'))
  console.log(toText(dataTable('disk', 'Failing disks', surveys.map(({ lost, ...survey }) => ({ ...survey, lost: lost.length })))))
  const lost = surveys.flatMap(survey => survey.lost.map(words => `lost: ${survey.kind}, ${survey.fault}, ${words}`))
  for (const line of lost) console.log(line)
  return lost.length ? 1 : 0
}

async function allTogether(rounds: number): Promise<string[]> {
  console.log(`doing the same at once, ${rounds} times`)
  const surveys = await surveyTogether(rounds, join(folder, 'together'))
  console.log(toText(dataTable('together', 'Several processes at once', surveys.map(({ kind, rounds, lost }) =>
    ({ kind, rounds, lost: lost.length })))))
  return surveys.flatMap(({ kind, lost }) => lost.map(words => `lost: ${kind}, ${words}`))
}

/** Resident memory is shown, not judged: the C library keeps freed memory for what comes next. */
async function measureMemory(steps: number): Promise<number> {
  const surveys = await surveyMemory(steps, join(folder, 'memory'))
  console.log(toText(dataTable('memory', 'One process, step after step', surveys.map(({ work, steps, tensors, resident }) => ({
    work, steps, 'tensors early': tensors.early, late: tensors.late, after: tensors.after,
    'MiB early': Math.round(resident.early), 'MiB late': Math.round(resident.late),
  })))))
  const leaks = surveys.filter(({ tensors: { early, late, after } }) => late > early || after > 0)
  for (const { work } of leaks) console.log(`leak: ${work}`)
  return leaks.length ? 1 : 0
}

async function damageAll(first: number, each: number): Promise<string[]> {
  console.log(`reading ${each} damaged files of each of ${kinds.length} kinds, and files that are made by hand to harm`)
  const surveys = await readHarmful([...mutationsOf(first, each), ...crafted()], join(folder, 'damaged'))
  console.log(surveysText(surveys))
  return surveys.flatMap(({ kind, harmful }) => harmful.map(({ index, what }) => `harm: ${kind}, file ${index}: ${what}`))
}

void runCommand(main)
