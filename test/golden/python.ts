/** The Python that tests run outside programs in, where there is one. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inProject } from '../../src/lib/project-root'

/** With Keras: LAB_ORACLE names one; `npm run bench` makes one. Null where neither is there. */
export const kerasPython: string | null =
  [process.env.LAB_ORACLE, inProject('.bench', 'venv', 'bin', 'python')].find(path => path && existsSync(path)) ?? null

/** What a program of this folder answers, in JSON, to a question in JSON. */
export function askPython(program: string, question: unknown): unknown {
  const output = execFileSync(kerasPython!, [inProject('test', 'golden', program)], {
    input: JSON.stringify(question), encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, KERAS_HOME: inProject('.bench', 'keras'), PYTHONDONTWRITEBYTECODE: '1', GLIBC_TUNABLES: '' },
  })
  return JSON.parse(output)
}
