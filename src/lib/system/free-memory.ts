/** How much memory this process can still take before the kernel would end it. Linux tells; other systems do not. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Bytes that are free: the machine's memory that programs do not hold, its swap, and no more than the limits of the
 * process's control groups (those of a container or of a Slurm job) leave. Files that the kernel caches count as free.
 * @param root of the file system with `proc` and `sys`; another one only in tests
 * @returns null where the system does not tell
 */
export function freeMemory(root = '/'): number | null {
  const machine = numbersIn(join(root, 'proc', 'meminfo'))
  const available = machine.get('MemAvailable')
  if (available === undefined) return null
  const left = groupsOf(root).flatMap(({ folder, files }) => leftIn(folder, files))
  return Math.max(0, Math.min(1024 * (available + (machine.get('SwapFree') ?? 0)), ...left))
}

/** How the two versions of control groups name their files and what a group's cached files are called. */
const versions = {
  1: { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', cached: ['total_inactive_file', 'total_active_file'] },
  2: { limit: 'memory.max', used: 'memory.current', cached: ['inactive_file', 'active_file'] },
} as const

type GroupFiles = (typeof versions)[1 | 2]

/** The folders of the process's groups, from its own up to the root. A container may show the root only. */
function groupsOf(root: string): { folder: string; files: GroupFiles }[] {
  const lines = (readText(join(root, 'proc', 'self', 'cgroup')) ?? '').split('\n')
  return lines.flatMap(line => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    const ofMemory = controllers?.split(',').includes('memory')
    if (path === undefined || (controllers !== '' && !ofMemory)) return []
    const mount = join(root, 'sys', 'fs', 'cgroup', ...(ofMemory ? ['memory'] : []))
    return upwards(path).map(one => ({ folder: join(mount, one), files: versions[ofMemory ? 1 : 2] }))
  })
}

/** '/a/b', '/a', '/' */
function upwards(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...upwards(dirname(path))]
}

/** What a group's limit leaves, in bytes; nothing where it has no limit. */
function leftIn(folder: string, { limit, used, cached }: GroupFiles): number[] {
  const [most, now] = [limit, used].map(name => Number(readText(join(folder, name)) ?? NaN))
  if (!Number.isFinite(most) || !Number.isFinite(now)) return []
  const found = numbersIn(join(folder, 'memory.stat'))
  return [most - now + cached.reduce((sum, name) => sum + (found.get(name) ?? 0), 0)]
}

/** The numbers of a file with a name and a number on each line. */
function numbersIn(path: string): Map<string, number> {
  const lines = [...(readText(path) ?? '').matchAll(/^(\w+):?\s+(\d+)/gm)]
  return new Map(lines.map(([, name, number]) => [name, Number(number)]))
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
