/** A Slurm cluster of two nodes on this machine, for one test: its programs, its files and its ports are its own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const needed = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol', 'sinfo']
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'].filter(Boolean)
const pathOf = (program: string) => folders.map(folder => join(folder, program)).find(existsSync)

/** Why no cluster can be started here; null where one can. */
export const noClusterBecause: string | null = (() => {
  const missing = needed.filter(program => !pathOf(program))
  return missing.length ? `Slurm's programs ${missing.join(', ')} are missing (apt-get install slurm-wlm munge)` : null
})()

export interface Cluster {
  /** The environment in which Slurm's programs find the cluster. */
  env: NodeJS.ProcessEnv
  /** What a program of Slurm prints. */
  ask(program: string, ...words: string[]): string
  /** Sends a signal to a task's batch shell. @param number of the task's job */
  signal(name: 'USR2' | 'KILL', number: string): void
  /** Ends a node as a power failure does: its daemon and everything that it has started. */
  killNode(name: string): void
  stop(): void
}

/**
 * Starts a cluster; once more, and once again, where another program has opened one of its ports first.
 * @param folder an empty folder with a short path: it holds sockets
 */
export async function startCluster(folder: string): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(join(folder, `${attempt}`))
    } catch (fault) {
      if (attempt === 3) throw fault
    }
  }
}

async function startOnFreePorts(folder: string): Promise<Cluster> {
  const at = (...parts: string[]) => join(folder, ...parts)
  for (const name of ['munge', 'state', 'spool-n1', 'spool-n2']) mkdirSync(at(name), { recursive: true, mode: 0o700 })
  writeFileSync(at('munge', 'key'), randomBytes(1024), { mode: 0o400 })
  writeFileSync(at('slurm.conf'), configuration(at, await freePorts(3)))
  const env = { ...process.env, SLURM_CONF: at('slurm.conf') }
  const start = (program: string, ...words: string[]) => execFileSync(pathOf(program)!, words, { env, stdio: 'ignore' })
  const ask = (program: string, ...words: string[]) => execFileSync(pathOf(program)!, words, { env, encoding: 'utf8' })
  const pidOf = (name: string) => existsSync(at(name)) ? Number(readFileSync(at(name), 'utf8')) : 0
  const stop = () => {
    if (pidOf('slurmctld.pid')) spawnSync(pathOf('scancel')!, ['--user', userInfo().username], { env, timeout: 5000 })
    end([...processesWith(`SLURM_CONF=${at('slurm.conf')}`), pidOf('munged.pid')])
  }
  try {
    start('munged', `--key-file=${at('munge', 'key')}`, `--socket=${at('munge', 'socket')}`, `--pid-file=${at('munged.pid')}`,
      `--log-file=${at('munge', 'log')}`, `--seed-file=${at('munge', 'seed')}`, '--force')
    start('slurmctld', '-f', at('slurm.conf'))
    for (const node of ['n1', 'n2']) start('slurmd', '-N', node)
    await until(() => ask('sinfo', '--noheader', '--Node', '--format=%T').trim() === 'idle\nidle', 30, 'two idle nodes')
  } catch (fault) {
    stop()
    throw fault
  }
  return {
    env, ask, stop,
    // scancel asks the controller again and again, where the signal ends the job before the controller has answered.
    signal: (name, number) =>
      void spawnSync(pathOf('scancel')!, ['--batch', `--signal=${name}`, number], { env, timeout: 1000 }),
    killNode: node => end([pidOf(`slurmd-${node}.pid`), ...processesOn(node, at('slurm.conf'))]),
  }
}

/** Waits until something holds, or is found. @returns what was found */
export async function until<T>(find: () => T | false | undefined, seconds: number, what: string): Promise<T> {
  for (const end = Date.now() + 1000 * seconds; ; await pause(200)) {
    const found = find()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`)
  }
}

/** A node that is silent for five seconds is down, and a task waits five seconds before it begins again. */
function configuration(at: (...parts: string[]) => string, [controller, first, second]: readonly number[]): string {
  const host = hostname().split('.')[0], user = userInfo().username
  const node = (name: string, port: number) =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=2 RealMemory=4000`
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
AuthInfo=socket=${at('munge', 'socket')},cred_expire=5
SlurmUser=${user}
SlurmdUser=${user}
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool-%n')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd-%n.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd-%n.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
SlurmdTimeout=5
SchedulerParameters=sched_interval=2,batch_sched_delay=0
${node('n1', first)}
${node('n2', second)}
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
`
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => new Promise(done => server.once('listening', done))))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(done => server.close(done))))
  return ports
}

/** The processes that a node of this cluster has started, each task's supervisor before its programs. */
function processesOn(node: string, configuration: string): number[] {
  const programs = processesWith(`SLURMD_NODENAME=${node}`, `SLURM_CONF=${configuration}`)
  // Else the supervisor would report to the controller that its task has failed.
  const parents = programs.map(id => Number(aboutProcess(id, 'stat').split(') ').at(-1)?.split(' ')[1]))
  const supervisors = parents.filter(id => aboutProcess(id, 'comm').startsWith('slurmstepd'))
  return [...new Set([...supervisors, ...programs])]
}

/** All processes that were started with these environment variables. */
function processesWith(...variables: string[]): number[] {
  return readdirSync('/proc').map(Number).filter(id => {
    const environment = aboutProcess(id, 'environ').split('\0')
    return variables.every(variable => environment.includes(variable))
  })
}

function aboutProcess(id: number, file: 'environ' | 'stat' | 'comm'): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8')
  } catch {
    // It has ended by itself, or is another user's.
    return ''
  }
}

/** Kills processes that this test has started. */
function end(processes: readonly number[]): void {
  for (const id of processes.filter(id => id > 1)) {
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
