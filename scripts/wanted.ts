/** What `npm run data` and `npm run weights` are asked for: NAME [--from PATH], or --list. */
import { parseArgs } from 'node:util'
import { LabError } from '../src/lib/system/errors'

/**
 * The name, and where to take it from instead of a server; null for --list.
 * @param kind what is named, in errors
 * @throws LabError 'bad-argument' with the usage
 */
export function wanted(kind: string, usage: string): { name: string; from?: string } | null {
  const misused = (expected: string, received: string) =>
    new LabError('bad-argument', { expected, received, remedy: `Usage: ${usage}` })
  try {
    const { values: { list, from }, positionals } =
      parseArgs({ allowPositionals: true, options: { from: { type: 'string' }, list: { type: 'boolean' } } })
    if (list) return null
    if (from === '') throw misused('a path behind --from', 'nothing')
    if (positionals.length !== 1) throw misused(`the name of one ${kind}`, positionals.join(' ') || 'none')
    return { name: positionals[0], from }
  } catch (error) {
    throw error instanceof LabError ? error : misused('known options', (error as Error).message)
  }
}
