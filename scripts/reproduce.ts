/**
 * `npm run reproduce -- PAPER`: runs papers' protocols on the data sets that are here, on the published kind of split
 * and on an honest one, and shows published against measured. Finished runs are never computed again.
 */
import { toText } from '../src/lib/display/tables'
import { openDataset, dataSource } from '../src/lib/data/registry'
import { sourceCards } from '../src/lib/weights/cards'
import { recordingPlan, readReproductions } from '../src/lib/experiments/plans/papers/all'
import type { PaperResult } from '../src/lib/experiments/plans/papers/paper-run'
import { paperResults, papersPlan, type PapersOptions } from '../src/lib/experiments/plans/papers/plan'
import { quickSettings } from '../src/lib/experiments/plans/papers/quick'
import { reproductionsOf, type Reproduction } from '../src/lib/experiments/plans/papers/reproduction'
import { protocolSplits, splitFacts, type SplitFacts } from '../src/lib/experiments/plans/papers/splits'
import { reproductions } from '../src/lib/experiments/plans/papers/table'
import { widths, type Width } from '../src/lib/model/architecture'
import { list, open } from '../src/lib/papers/collection'
import type { Paper } from '../src/lib/papers/paper'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { finishedResults } from './experiment/carry-out'
import { onThisMachine, showOverview, workOf } from './experiment/on-this-machine'

const startNames = ['fractal', 'none', ...sourceCards.map(card => card.name)] as const

function readWords(words: string[]) {
  const options = readOptions(words, {
    usage: 'npm run reproduce -- PAPER… | all [--split published|exact|leak-aware|all] [--seeds 3] [--profile quick|full]',
    does: 'Runs papers’ protocols on the data sets that are here, and shows published against measured. Verdicts: reproduced where\n'
      + 'the 90 % interval of the difference lies within 2 points, not reproduced where it lies wholly outside, else\n'
      + 'inconclusive; with another network or other start weights than the paper’s, no verdict. A PAPER is a file’s name in\n'
      + 'src/lib/papers/records, such as soares-2020. On a cluster: npm run experiment -- papers --on slurm',
    words: [1, Infinity],
    values: {
      split: 'the paper’s own test images (exact), its kind of split (published), by group (leak-aware), or all, the default',
      seeds: 'runs of each network on a split that is not in folds; default 3, quick 1',
      profile: 'full: 30 epochs, or the paper’s own; recorded in results/tables. quick: a few epochs, one run, not recorded',
      width: `the networks’ width: ${Object.keys(widths).join(', ')}; default half. Only full is ResNet50 itself`,
      weights: `start weights: ${startNames.join(', ')}; default fractal`,
      workers: 'how many runs go on at once; default 1',
    },
    flags: { dry: 'shows the runs, their time and their memory, and carries out nothing' },
  })
  const [first] = options.words
  if (first === 'all' && options.words.length > 1) options.refuse('all, or papers by name', options.words.join(' '))
  const seeds = options.whole('seeds', undefined)
  if (seeds === 0) options.refuse('--seeds of 1 or more', '0')
  const split = options.oneOf('split', ['all', ...protocolSplits] as const, 'all')
  const quick = options.oneOf('profile', ['quick', 'full'] as const, 'full') === 'quick'
  return {
    ids: first === 'all' ? [] : [...options.words], dry: options.flag('dry'), workers: options.whole('workers', 1), quick,
    settings: {
      splits: split === 'all' ? protocolSplits : [split], ...(quick ? quickSettings : {}), ...(seeds && { seeds }),
      width: options.oneOf('width', Object.keys(widths) as Width[], undefined),
      weights: options.oneOf('weights', startNames, undefined),
    } satisfies PapersOptions,
  }
}

void runCommand(async (words, signal) => {
  const { ids, dry, workers, quick, settings } = readWords(words)
  const papers = ids.length > 0 ? await Promise.all(ids.map(open)) : await list()
  const results: PaperResult[] = [], facts = new Map<string, SplitFacts>()
  let status = 0
  for (const name of await setsHere(papers)) {
    if (signal.aborted) return status
    const found = splitFacts(await openDataset(name))
    facts.set(name, found)
    const plan = (quick ? papersPlan : recordingPlan)(found, { ...settings, papers })
    if (plan.runs.length === 0) continue
    const work = await workOf({ plan, workers, slurm: null }, '')
    if (dry) await showOverview(work)
    else status = Math.max(status, await onThisMachine(work, signal, false))
    if (quick) results.push(...paperResults(plan.runs, await finishedResults(work.chosen, work.session)))
  }
  if (dry || signal.aborted) return status
  const all = quick ? reproductionsOf(papers, { results, facts }) : await readReproductions(...ids)
  const found = all.filter(({ split }) => split === null || settings.splits.includes(split))
  if (found.length > 0) showTable(found, quick)
  else console.log(`${papers.map(({ id }) => id).join(', ')}: no ${settings.splits.join(' or ')} split on the data sets here`)
  return found.length > 0 ? status : 1
}, { savesOnInterrupt: true })

/** The data sets of papers that are here; says of the others how to get them. */
async function setsHere(papers: readonly Paper[]): Promise<string[]> {
  const names = [...new Set(papers.flatMap(({ studies }) => studies.flatMap(({ data }) => data.open ?? [])))]
  const stateOf = async (name: string) => ({ name, ready: (await (await dataSource(name)).state()).ready })
  const states = await Promise.all(names.map(stateOf))
  for (const { name, ready } of states)
    if (!ready) console.log(`${name} is not here, so it is left out. To get it: npm run data -- ${name}`)
  return states.filter(({ ready }) => ready).map(({ name }) => name)
}

function showTable(found: readonly Reproduction[], quick: boolean): void {
  console.log(`\n${toText(reproductions(found), Infinity)}`)
  console.log(quick ? 'A quick look, which is not recorded: a few epochs, one run.'
    : 'Recorded in results/tables/papers.csv, and run by run in papers-runs.csv and papers-groups.csv.')
}
