/** The library that notebooks import: a CommonJS bundle, and declarations for the kernel's compiler. */
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.mjs'
import { lightenDeclarations } from './light-declarations.mjs'
import { SetUpError } from './set-up-error.mjs'
import { inProject, root } from './project.mjs'
import { textOf, textsBelow } from './step.mjs'

const source = inProject('src', 'lib')

/** @type {import('./step.mjs').Step} */
export const library = {
  title: 'library for notebooks',
  from: 'src/lib',
  stamp: inProject('build', 'lib', '.made-from'),
  inputs: () => [...textsBelow(source, /\.(ts|mjs|json)$/), textOf(inProject('tsconfig.json')),
    textOf(inProject('scripts', 'set-up', 'light-declarations.mjs'))],
  async make(show) {
    const making = inProject('build', '.making')
    rmSync(making, { recursive: true, force: true })
    // Imported here, because the npm packages may not be installed when this file is loaded.
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: root,
      entryPoints: entryPoints(),
      outbase: './src/lib',
      outdir: `${making}/lib`,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'silent',
    }).catch(error => { throw broken(error) })
    show.update('declarations')
    const compiler = inProject('node_modules', 'typescript', 'bin', 'tsc')
    // The compiler writes declarations even if a type is wrong. Wrong types are errors in `npm test` only.
    await command('declarations', process.execPath, [compiler, '-p', source, '--outDir', `${making}/types`])
      .catch(error => show.update(error.message))
    lightenDeclarations(`${making}/types`)
    for (const part of ['types', 'lib']) {
      rmSync(inProject('build', part), { recursive: true, force: true })
      renameSync(`${making}/${part}`, inProject('build', part))
    }
    rmSync(making, { recursive: true, force: true })
  },
}

/**
 * The files that the build bundles: the library's index, and each file that threads run, whose names end in -worker.
 * They are listed here because esbuild's patterns do not find files in folders.
 */
export function entryPoints() {
  const workers = readdirSync(source, { recursive: true }).filter(name => name.endsWith('-worker.ts'))
  return ['index.ts', ...workers].map(name => join(source, name))
}

function broken({ errors, message }) {
  const first = errors?.[0]
  const position = first?.location ? `${first.location.file}, line ${first.location.line}: ` : ''
  return new SetUpError('library-broken', {
    expected: 'a library that compiles', received: `${position}${first?.text ?? message}`, remedy: 'correct src/lib and try again',
  })
}
