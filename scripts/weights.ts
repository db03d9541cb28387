/** `npm run weights`: downloads published weights, and lists those that there are. */
import { megabytes, withArrival } from '../src/lib/notebook/live/weights'
import { sourceCard, sourceCards, type SourceCard } from '../src/lib/weights/cards'
import { isOnDisk, obtainPublished, publishedPath } from '../src/lib/weights/published'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'

const description: CommandDescription<'from', 'list'> = {
  usage: 'npm run weights -- NAME [--from FILE], or npm run weights -- --list',
  does: 'Downloads the published weights NAME, or copies them from a file that you have, and checks the file.',
  values: { from: 'the file to copy instead of a download' },
  flags: { list: 'lists all published weights with size, licence and hash' },
  words: [0, 1],
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args, description)
  if (options.flag('list')) return sourceCards.forEach(list)
  const [name] = options.words, from = options.text('from')
  if (name === undefined) options.refuse('the name of published weights', 'none')
  if (from === '') options.refuse('a path after --from', 'nothing')
  const card = sourceCard(name)
  const isThere = isOnDisk(card) && !from
  if (isThere) await obtainPublished(card)
  else await withArrival(card, watch => obtainPublished(card, { from, ...watch }))
  console.log(`${card.name}: ${isThere ? 'already in' : 'in'} ${publishedPath(card)}`)
}

function list(card: SourceCard): void {
  const { name, description, bytes, url, hash, licence, variant, preprocessing, input } = card
  console.log([
    `${isOnDisk(card) ? 'here     ' : 'elsewhere'}  ${name}: ${description}`,
    `${bytes ? `${megabytes(bytes)} MB, ` : ''}${variant}, ${preprocessing} from ${input.join(' … ')}; ${licence}`,
    `${url} (${hash.algorithm.toUpperCase()} ${hash.digits})`,
  ].join('\n             '))
}

void runCommand(main)
