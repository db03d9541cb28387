/** What a task of a Slurm job array runs on its node: `slurm-task.ts FOLDER`, the folder of the array. */
import { readArray, writeFaults } from '../../src/lib/experiments/carriers/slurm/array'
import { carryOutTask } from '../../src/lib/experiments/carriers/slurm/task'
import { slurm } from '../../src/lib/experiments/carriers/slurm/programs'
import { runCommand } from '../command/main.mjs'

const stop = new AbortController()
let timeIsUp = false
// Slurm sends USR2 before the time limit, and TERM when the task is cancelled, preempted or put back into the queue.
process.on('SIGUSR2', () => {
  timeIsUp = true
  stop.abort()
})
process.on('SIGTERM', () => stop.abort())

void runCommand(async ([folder]) => {
  const { SLURM_ARRAY_JOB_ID: job, SLURM_ARRAY_TASK_ID: number, SLURMD_NODENAME: node = 'this machine' } = process.env
  const say = (line: string) => console.log(`${new Date().toISOString().slice(0, 19).replace('T', ' ')} ${line}`)
  const array = await readArray(folder), task = Number(number)
  if (!array.tasks[task]) throw new Error(`SLURM_ARRAY_TASK_ID is ${number}, and the array has ${array.tasks.length} tasks`)
  say(`task ${task} on ${node}`)
  const { left, faults, advanced } = await carryOutTask(array, task, folder, { signal: stop.signal, say })
  if (left.length === 0) return faults.length ? 1 : 0
  if (!timeIsUp) say('stopped; the runs are saved, and the same command submits them again')
  else if (advanced) {
    say('time is up; the runs are saved, and the task returns to the queue')
    // Slurm answers, and then ends this process.
    await slurm('scontrol', ['requeue', `${job}_${task}`])
    return 0
  } else {
    const message = 'the time limit came before anything was saved: a longer --time is needed'
    say(message)
    await writeFaults(folder, task, [...faults, ...left.map(({ run }) => ({ run, message }))])
  }
  return 1
})
