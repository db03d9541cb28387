/** Programs of this project as one file each, which start in a third less time than their sources. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { entryPoints } from '../../../scripts/set-up/library.mjs'
import { inProject } from '../../../src/lib/system/project-root'

/**
 * @param programs their sources, by the names that they get in the folder, without an ending
 * @returns a new folder inside the project. Remove it after use; the end of this process removes it, too
 */
export async function bundle(programs: Readonly<Record<string, string>>): Promise<{ folder: string; remove(): void }> {
  mkdirSync(inProject('.cache'), { recursive: true })
  const folder = mkdtempSync(inProject('.cache', 'programs-'))
  const remove = () => {
    process.off('exit', remove)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  // Threads look for their files beside the program.
  const threads = entryPoints().filter(path => path.endsWith('-worker.ts'))
    .map(path => [relative(inProject('src', 'lib'), path).replace('.ts', ''), path])
  // CommonJS does not know where a module lies: the set-up finds the project from this one.
  const setUp = pathToFileURL(inProject('scripts', 'set-up', 'project.mjs')).href
  await build({
    absWorkingDir: inProject(), entryPoints: { ...programs, ...Object.fromEntries(threads) }, outdir: folder,
    outExtension: { '.js': '.cjs' }, bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20',
    logLevel: 'silent', define: { 'import.meta.url': JSON.stringify(setUp) },
  })
  return { folder, remove }
}

/** The path of a program in a folder of bundles. */
export function programIn(folder: string, name: string): string {
  return join(folder, `${name}.cjs`)
}
