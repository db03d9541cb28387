/** JupyterLab with the project's kernel, and a real Chromium that looks at it. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { environment, inProject, onPath, venvPython } from '../../scripts/set-up/project.mjs'

/** Where a Chromium is: CHROMIUM, else on the path; null if there is none. */
export const chromiumPath: string | null =
  process.env.CHROMIUM ?? ['chromium', 'chromium-browser', 'google-chrome'].map(name => onPath(name)).find(Boolean) ?? null

/** Whether there really is one at that place. */
export const hasChromium: boolean = chromiumPath !== null && existsSync(chromiumPath)

/** A running JupyterLab. */
export interface Lab {
  /** The address of a page or of the interface for programs. @param path as 'lab/tree/NOTEBOOK' or 'api/kernels' */
  address(path: string): string
  stop(): Promise<void>
}

/**
 * Starts JupyterLab on a free port of 127.0.0.1.
 * @param root the folder that it shows
 * @param home the home folder; its settings and sessions go there too, so that the user's own stay as they are
 * @throws Error with the server's words if it does not answer within two minutes
 */
export async function startLab(root: string, home: string): Promise<Lab> {
  const token = 'a-token-for-tests'
  const config = join(home, 'settings')
  quietSettings(config)
  const child = spawn(venvPython, ['-m', 'jupyterlab', '--no-browser', '--allow-root', `--ServerApp.root_dir=${root}`,
    '--ServerApp.port=0', '--ServerApp.ip=127.0.0.1', `--IdentityProvider.token=${token}`], {
    env: { ...environment(), HOME: home, JUPYTER_CONFIG_DIR: config, JUPYTER_RUNTIME_DIR: join(config, 'runtime'),
      // Not 'tiny': a training must last long enough to be seen and stopped.
      LAB_DATA: 'phantom', LAB_PROFILE: 'quick' },
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { words += chunk })
  // Port 0: the server finds a free one, and prints it.
  const address = (path: string) =>
    `http://127.0.0.1:${/http:\/\/127\.0\.0\.1:(\d+)\//.exec(words)?.[1] ?? 0}/${path}?token=${token}&reset`
  for (let tries = 0; !(await answers(address('api/status'))); tries++) {
    if (tries > 480 || child.exitCode !== null) throw new Error(`JupyterLab did not start:\n${words}`)
    await pause(250)
  }
  return { address, stop: () => stop(child) }
}

/** No autosave and no questions: a test leaves the notebooks as they are. */
function quietSettings(config: string): void {
  const write = (plugin: string, settings: object) => {
    const folder = join(config, 'lab', 'user-settings', '@jupyterlab', plugin.split('/')[0])
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${plugin.split('/')[1]}.jupyterlab-settings`), JSON.stringify(settings))
  }
  write('docmanager-extension/plugin', { autosave: false })
  write('apputils-extension/notification', { fetchNews: 'false', checkForUpdates: false })
}

/** A Chromium without a window, its profile in the temporary folder. */
export function startChromium(): Promise<Browser> {
  // The sandbox needs rights that containers do not give; the only page is our own.
  return chromium.launch({
    executablePath: chromiumPath ?? undefined, args: ['--no-sandbox', '--disable-dev-shm-usage'],
    env: { ...process.env, XDG_CONFIG_HOME: inProject('.cache', 'chromium') },
  })
}

/** Opens a notebook and waits for its kernel, in a server with no other. @param path relative to JupyterLab's folder */
export async function openNotebook(browser: Browser, lab: Lab, path: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
  await page.goto(lab.address(`lab/tree/${path}`))
  await page.locator('.jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 90_000 })
  // The page says "idle" before the kernel has answered, and cells that are run then are forgotten.
  for (let tries = 0; !(await kernelIsConnected(lab)); tries++) {
    if (tries > 300) throw new Error('the kernel did not get ready in a minute and a half')
    await pause(300)
  }
  return page
}

async function kernelIsConnected(lab: Lab): Promise<boolean> {
  const answer = await fetch(lab.address('api/kernels'))
  const kernels = (await answer.json()) as { execution_state: string; connections: number }[]
  return kernels.some(({ execution_state, connections }) => execution_state === 'idle' && connections > 0)
}

/** Ends a page and its kernel. */
export async function closeNotebook(page: Page, lab: Lab): Promise<void> {
  await page.close()
  const kernels = (await (await fetch(lab.address('api/kernels'))).json()) as { id: string }[]
  for (const { id } of kernels) await fetch(lab.address(`api/kernels/${id}`), { method: 'DELETE' })
}

/** Chooses from the menu bar: menu(page, 'Run', 'Run All Cells'). */
export async function menu(page: Page, name: string, entry: string): Promise<void> {
  await page.getByRole('menuitem', { name, exact: true }).click()
  await page.locator('.lm-Menu-item').filter({ hasText: new RegExp(`^${entry}`) }).first().click()
}

/** The interrupt button. */
export async function interrupt(page: Page): Promise<void> {
  await page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"], '
    + '.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] *').first().click()
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(({ ok }) => ok, () => false)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = new Promise(done => child.once('close', done))
  child.kill('SIGTERM')
  await closed
}
