/** Runs a notebook as `npm start` does, for tests: same kernel, same runner. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { environment, venvPython } from '../../scripts/set-up/project.mjs'

/** What the runner tells: see scripts/notebooks/run-notebook.py. */
export interface RunnerEvent {
  event: 'start' | 'cell' | 'progress' | 'end'
  [detail: string]: unknown
}

export interface NotebookRun {
  status: number | null
  events: RunnerEvent[]
  /** Where the executed notebook and its page are. */
  executed: string
  page: string
  stderr: string
}

/**
 * Runs one notebook to its end.
 * @param source the notebook's path
 * @param folder where the executed notebook and its page go
 */
export function runNotebook(source: string, folder: string, env: Record<string, string> = {}): Promise<NotebookRun> {
  const executed = join(folder, 'executed.ipynb'), page = join(folder, 'page.html')
  const runner = join(__dirname, '..', '..', 'scripts', 'notebooks', 'run-notebook.py')
  const child = spawn(venvPython, [runner, source, executed, page], { env: { ...environment(), ...env } })
  let stdout = '', stderr = ''
  child.stdout.on('data', chunk => { stdout += chunk })
  child.stderr.on('data', chunk => { stderr += chunk })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', status => {
      const events = stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as RunnerEvent)
      resolve({ status, events, executed, page, stderr })
    })
  })
}
