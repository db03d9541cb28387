/** The TypeScript kernel and Jupyter's settings, inside the project. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { environment, inProject } from './project.mjs'

const settings = {
  // The path of this Node, because Jupyter may find another `node`.
  'share/jupyter/kernels/tslab/kernel.json': () => ({
    argv: [process.execPath, inProject('node_modules', 'tslab', 'bin', 'tslab'), 'kernel', '--config-path',
      '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  }),
  // Without this setting, JupyterLab asks whether it may fetch news.
  'config/labconfig/page_config.json': () => ({
    disabledExtensions: { '@jupyterlab/apputils-extension:announcements': true },
  }),
}

/** @type {import('./step.mjs').Step} */
export const kernel = {
  title: 'TypeScript kernel',
  from: 'this Node or the project’s place',
  stamp: inProject('.jupyter', '.made-from'),
  inputs: () => Object.entries(settings).flatMap(([name, content]) => [name, JSON.stringify(content())]),
  async make() {
    const folders = environment()
    for (const name of ['JUPYTER_RUNTIME_DIR', 'JUPYTER_DATA_DIR', 'IPYTHONDIR'])
      mkdirSync(folders[name], { recursive: true, mode: 0o700 })
    for (const [name, content] of Object.entries(settings)) {
      const path = inProject('.jupyter', name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${JSON.stringify(content(), null, 2)}\n`)
    }
  },
}
