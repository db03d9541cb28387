/** `npm run data`: downloads or imports a data set, keeps one of your own by name, and lists those that there are. */
import { parseWindow } from '../src/lib/images/window-choice'
import { describeKept } from '../src/lib/data/kept/describe'
import { keepDataset, type KeepOptions } from '../src/lib/data/kept/keep'
import { dataSource, dataSources, listSources } from '../src/lib/data/registry'
import type { ColumnNames } from '../src/lib/data/tables/columns'
import { LabError, nearest } from '../src/lib/system/errors'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription, type Options } from './command/options.mjs'
import { stages } from './command/progress.mjs'
import { userPath } from './command/user-path.mjs'

const columns = ['file', 'label', 'group', 'split', 'positive'] as const
type Column = `${typeof columns[number]}-column`
type Value = 'from' | 'layout' | 'group' | 'positive' | 'window' | 'modality' | Column
type Flag = 'list' | 'skip-damaged'

const description: CommandDescription<Value, Flag> = {
  usage: 'npm run data -- NAME [--from FOLDER, ZIP or CSV] [options], or npm run data -- --list',
  does: 'Downloads the data set NAME, or imports it from a file that you have, and checks every image. Any other NAME '
    + 'keeps the images of a folder, a zip archive or a table by this name: openDataset opens them from then on.',
  values: {
    from: 'the folder, zip archive or table (.csv) of the images',
    layout: 'what the folders mean, such as class/patient/image or part/class/image, where it is not recognized',
    group: "a pattern that finds the patient in a file name, such as 'person(\\d+)_'",
    positive: 'the class that a test looks for',
    window: 'how 16-bit values and CT numbers become grey: lung, soft tissue, own, or CENTER,WIDTH',
    modality: 'CT or X-ray: what took the images',
    'file-column': 'the table’s column of file names',
    'label-column': 'the table’s column of classes',
    'group-column': 'the table’s column of patients',
    'split-column': 'the table’s column of parts',
    'positive-column': 'the table’s column that names the positive class',
  },
  flags: {
    list: 'lists the data sets, and which of them are ready',
    'skip-damaged': 'leaves files out that cannot be read, and names them',
  },
  words: [0, 1],
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args, description)
  if (options.flag('list')) return list()
  const [name] = options.words, named = options.text('from')
  if (name === undefined) options.refuse('the name of a data set', 'none')
  if (named === '') options.refuse('a path after --from', 'nothing')
  const from = named && userPath(named)
  const known = dataSources.find(source => source.name === name)
  if (!known && from !== undefined) return keep(name, from, options)
  const used = Object.keys(description.values!).find(option => option !== 'from' && options.text(option as Value) !== undefined)
  if (used) options.refuse('--from with a set of your own', `--${used}`)
  const source = known ?? await dataSource(name)
  if (!source.obtain && from !== undefined) options.refuse(`no --from with ${name}, which this project has itself`, `--from ${named}`)
  if (!source.obtain) return console.log(`${source.name}: ${(await source.state()).detail}`)
  if (options.flag('skip-damaged') && !source.canSkipDamaged)
    options.refuse(`a set other than ${name}, each of whose files is known by its checksum`, '--skip-damaged')
  const begun = performance.now()
  await source.obtain(from ?? null, stages(), options.flag('skip-damaged'))
  console.log(`${source.name}: ${(await source.state()).detail}, in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

async function keep(name: string, from: string, options: Options<Value, Flag>): Promise<void> {
  const reserved = dataSources.map(source => source.name)
  refuseMisspelt(name, reserved)
  const names = columns.map(column => [column, options.text(`${column}-column`)]).filter(([, text]) => text !== undefined)
  const window = options.text('window')
  const found: KeepOptions = {
    layout: options.text('layout'), groupPattern: options.text('group'), positive: options.text('positive'),
    modality: options.oneOf('modality', ['CT', 'X-ray'] as const, undefined),
    skipDamaged: options.flag('skip-damaged'), onProgress: stages(),
    ...(window === undefined ? {} : { window: parseWindow(window) }),
    ...(names.length ? { columns: Object.fromEntries(names) as ColumnNames } : {}),
  }
  const kept = await keepDataset(name, from, found, reserved)
  console.log([`${name}: kept`, ...describeKept(kept), `Use it: LAB_DATA=${name} npm start`].join('\n'))
}

/** A name that is almost that of a known set is most likely a slip. */
function refuseMisspelt(name: string, known: readonly string[]): void {
  const [like] = nearest(name.slice(0, 80), known, 1)
  const letters = (text: string) => text.replace(/[^a-z0-9]/g, '')
  if (like !== name && letters(like) === letters(name))
    throw new LabError('bad-argument', {
      expected: 'the name of a known set, or one that is not almost the same', received: name,
      remedy: `Nearest: ${like}; for a set of your own, choose another name`,
    })
}

async function list(): Promise<void> {
  for (const source of await listSources()) {
    const { ready, detail } = await source.state()
    console.log(`${ready ? 'ready  ' : 'missing'}  ${source.name.padEnd(16)}${source.title} (${detail})`)
  }
}

void runCommand(main)
