/** `npm run data`: downloads or imports a data set, and lists those that there are. */
import { dataSource, dataSources } from '../src/lib/data/registry'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'
import { stages } from './command/progress.mjs'

const description: CommandDescription<'from', 'list'> = {
  usage: 'npm run data -- NAME [--from ZIP-or-FOLDER], or npm run data -- --list',
  does: 'Downloads the data set NAME, or imports it from a file that you have, and checks every image.',
  values: { from: 'the ZIP or the folder to import instead of a download' },
  flags: { list: 'lists the data sets, and which of them are ready' },
  words: [0, 1],
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args, description)
  if (options.flag('list')) return list()
  const [name] = options.words, from = options.text('from')
  if (name === undefined) options.refuse('the name of a data set', 'none')
  if (from === '') options.refuse('a path after --from', 'nothing')
  const source = dataSource(name)
  if (!source.obtain) return console.log(`${source.name}: ${(await source.state()).detail}`)
  const start = Date.now()
  await source.obtain(from ?? null, stages())
  console.log(`${source.name}: ${(await source.state()).detail}, in ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

async function list(): Promise<void> {
  for (const source of dataSources) {
    const { ready, detail } = await source.state()
    console.log(`${ready ? 'ready  ' : 'missing'}  ${source.name.padEnd(16)}${source.title} (${detail})`)
  }
}

void runCommand(main)
