/** Gets published weights: npm run weights -- NAME [--from FILE], npm run weights -- --list */
import { LabError } from '../src/lib/system/errors'
import { megabytes, withArrival } from '../src/lib/notebook/live/weights'
import { sourceCard, sourceCards, type SourceCard } from '../src/lib/weights/cards'
import { isAtHand, obtainPublished, publishedPath } from '../src/lib/weights/published'
import { wanted } from './wanted'

const usage = 'npm run weights -- NAME [--from FILE], or npm run weights -- --list'

async function main(): Promise<void> {
  const asked = wanted('source', usage)
  if (!asked) return sourceCards.forEach(list)
  const card = sourceCard(asked.name)
  const there = isAtHand(card) && !asked.from
  if (there) await obtainPublished(card)
  else await withArrival(card, watch => obtainPublished(card, { from: asked.from, ...watch }))
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

main().catch(error => {
  console.error(error instanceof LabError ? error.message : error)
  process.exitCode = 1
})
