/** Gets published weights: npm run weights -- NAME [--from FILE], npm run weights -- --list */
import { parseArgs } from 'node:util'
import { LabError } from '../src/lib/errors'
import { megabytes, withArrival } from '../src/lib/notebook/live-weights'
import { sourceCard, sourceCards, type SourceCard } from '../src/lib/weights/cards'
import { isAtHand, obtainPublished, publishedPath } from '../src/lib/weights/published'

const usage = 'npm run weights -- NAME [--from FILE], or npm run weights -- --list'

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.list) return sourceCards.forEach(list)
  if (positionals.length !== 1)
    throw new LabError('bad-argument', {
      expected: 'the name of one source', received: positionals.join(' ') || 'none', remedy: `Usage: ${usage}`,
    })
  const card = sourceCard(positionals[0])
  const there = isAtHand(card) && !values.from
  if (!there) await withArrival(card, watch => obtainPublished(card, { from: values.from, ...watch }))
  console.log(`${card.name}: ${there ? 'already in' : 'in'} ${publishedPath(card)}`)
}

function list(card: SourceCard): void {
  const { name, description, bytes, url, hash, licence, variant, preprocessing, input } = card
  console.log([
    `${isAtHand(card) ? 'here     ' : 'elsewhere'}  ${name}: ${description}`,
    `${bytes ? `${megabytes(bytes)} MB, ` : ''}${variant}, ${preprocessing} from ${input.join(' … ')}; ${licence}`,
    `${url} (${hash.algorithm.toUpperCase()} ${hash.digits})`,
  ].join('\n             '))
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
