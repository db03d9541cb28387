/** The recorded table of all papers. */
import { openDataset } from '../../../data/registry'
import { toCsv } from '../../../display/tables'
import { list, open } from '../../../papers/collection'
import { LabError } from '../../../system/errors'
import { writeFileAtomic } from '../../../system/files'
import type { Plan } from '../../plan'
import { defaultData, type PlanOptions } from '../../plan-options'
import { resultsFile } from '../../results-file'
import type { PaperResult } from './paper-run'
import { papersPlan, type PapersOptions, type PapersPlan } from './plan'
import { paperFiles, readPaperResults } from './recorded'
import { reproductionsOf, type Reproduction } from './reproduction'
import { splitFacts, type SplitFacts } from './splits'
import { reproductionRows } from './table'

/**
 * Published rows beside the recorded runs of this project.
 * @param ids of papers; all unless named
 * @throws LabError 'bad-argument' for an id that no paper has; 'damaged-file'
 * @example const found = await papers.readReproductions('soares-2020')
 */
export async function readReproductions(...ids: readonly string[]): Promise<Reproduction[]> {
  const papers = ids.length > 0 ? await Promise.all(ids.map(open)) : await list()
  const results = await readPaperResults()
  return reproductionsOf(papers, { results, facts: factsOf(results) })
}

/** What recorded runs tell of their data sets. */
function factsOf(results: readonly PaperResult[]): Map<string, SplitFacts> {
  const names = [...new Set(results.map(({ row }) => row.data))]
  const has = (name: string, split: string) => results.some(({ row }) => row.data === name && row.split === split)
  return new Map(names.map(name => [name, { name, folds: has(name, 'blocks'), given: has(name, 'given') }]))
}

/** Writes results/tables/papers.csv from the recorded runs. @returns its path */
export async function writePapersTable(): Promise<string> {
  const path = resultsFile('papers')
  await writeFileAtomic(path, toCsv(reproductionRows(await readReproductions())))
  return path
}

/**
 * All papers' protocols on a data set, recorded.
 * @throws LabError 'bad-argument' for a seed, and for a set that no paper tested; whatever `openDataset` throws
 */
export async function allPapers({ width, data = defaultData, seed }: PlanOptions = {}): Promise<Plan> {
  if (seed !== undefined)
    throw new LabError('bad-argument', {
      expected: 'papers without a seed', received: String(seed), remedy: 'Leave the seed out: each run has its own',
    })
  const papers = await list()
  const tested = [...new Set(papers.flatMap(({ studies }) => studies.flatMap(study => study.data.open ?? [])))]
  if (!tested.includes(data))
    throw new LabError('bad-argument', {
      expected: `a data set that a paper tested: ${tested.join(', ')}`, received: data, remedy: 'Name another one with --data',
    })
  const facts = data === defaultData ? defaultFacts : splitFacts(await openDataset(data))
  return recordingPlan(facts, { papers, width })
}

/** The default set's number blocks are known without the set, so that the plan can be listed before it is imported. */
const defaultFacts: SplitFacts = { name: defaultData, folds: true, given: false }

/** A plan of papers whose runs are recorded; after each, results/tables/papers.csv is written anew. */
export function recordingPlan(facts: SplitFacts, options: PapersOptions & Pick<Required<PapersOptions>, 'papers'>): PapersPlan {
  const plan = papersPlan(facts, { ...options, files: paperFiles() })
  return {
    ...plan,
    record: async result => {
      await plan.record(result)
      await writePapersTable()
    },
  }
}
