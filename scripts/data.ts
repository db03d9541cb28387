/** Gets and lists data sets: npm run data -- NAME [--from ZIP-or-FOLDER], npm run data -- --list */
import { parseArgs } from 'node:util'
import { LabError } from '../src/lib/errors'
import { dataSource, dataSources } from '../src/lib/datasets/registry'
import type { Progress } from '../src/lib/datasets/dataset'

const usage = 'npm run data -- NAME [--from ZIP-or-FOLDER], or npm run data -- --list'

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.list) return list()
  if (positionals.length !== 1)
    throw new LabError('bad-argument', {
      expected: 'the name of one data set', received: positionals.join(' ') || 'none', remedy: `Usage: ${usage}`,
    })
  const source = dataSource(positionals[0])
  if (!source.obtain) return console.log(`${source.name}: ${(await source.state()).detail}`)
  const start = Date.now()
  await source.obtain(values.from ?? null, progressLine())
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

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { from: { type: 'string' }, list: { type: 'boolean' } } })
  } catch (error) {
    throw new LabError('bad-argument', {
      expected: 'known options', received: (error as Error).message, remedy: `Usage: ${usage}`,
    })
  }
}

main().catch(error => {
  console.error(error instanceof LabError ? error.message : error)
  process.exitCode = 1
})
