/** Gets and lists data sets: npm run data -- NAME [--from ZIP-or-FOLDER], npm run data -- --list */
import { LabError } from '../src/lib/system/errors'
import { dataSource, dataSources } from '../src/lib/data/registry'
import type { Progress } from '../src/lib/data/dataset'
import { wanted } from './wanted'

const usage = 'npm run data -- NAME [--from ZIP-or-FOLDER], or npm run data -- --list'

async function main(): Promise<void> {
  const asked = wanted('data set', usage)
  if (!asked) return list()
  const source = dataSource(asked.name)
  if (!source.obtain) return console.log(`${source.name}: ${(await source.state()).detail}`)
  const start = Date.now()
  await source.obtain(asked.from ?? null, progressLine())
  console.log(`${source.name}: ${(await source.state()).detail}, in ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

async function list(): Promise<void> {
  for (const source of dataSources) {
    const { ready, detail } = await source.state()
    console.log(`${ready ? 'ready  ' : 'missing'}  ${source.name.padEnd(16)}${source.title} (${detail})`)
  }
}

/** A line that is rewritten on a terminal, and written once a stage elsewhere. */
function progressLine(): Progress {
  let shown = ''
  return (stage, done, total) => {
    const percent = total ? ` ${Math.floor((100 * done) / total)} %` : ` ${done}`
    const line = process.stdout.isTTY ? stage + percent : stage
    if (line === shown) return
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}${done === total ? '\n' : ''}` : `${line}\n`)
    shown = line
  }
}

main().catch(error => {
  console.error(error instanceof LabError ? error.message : error)
  process.exitCode = 1
})
