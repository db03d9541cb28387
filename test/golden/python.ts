/** The Python that tests run outside programs in, where there is one. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inProject } from '../../src/lib/system/project-root'

/** With Keras: LAB_ORACLE names one, which then must be there; `npm run bench` makes one. Null where neither is so. */
export const kerasPython: string | null = named(process.env.LAB_ORACLE) ?? made(inProject('.bench', 'venv', 'bin', 'python'))

/** What a program of this folder answers, in JSON, to a question in JSON. */
export function askPython(program: string, question: unknown): unknown {
  const output = execFileSync(kerasPython!, [inProject('test', 'golden', program)], {
    input: JSON.stringify(question), encoding: 'utf8', maxBuffer: 2 ** 28, stdio: 'pipe',
    env: { ...process.env, KERAS_HOME: inProject('.bench', 'keras'), PYTHONDONTWRITEBYTECODE: '1', GLIBC_TUNABLES: '' },
  })
  return JSON.parse(output)
}

/** A name that is misspelt would otherwise skip, in silence, the tests it was given for. */
function named(path: string | undefined): string | null {
  if (path && !existsSync(path)) throw new Error(`LAB_ORACLE names ${path}, where nothing is`)
  return path || null
}

function made(path: string): string | null {
  return existsSync(path) ? path : null
}
