/** Published rows beside measured ones: which runs a protocol needs, what is comparable, and the verdict. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readReproductions } from '../../src/lib/experiments/plans/papers/all'
import { papersPlan, recipesOf, type PapersOptions } from '../../src/lib/experiments/plans/papers/plan'
import { paperConfig, paperRunName, type PaperResult } from '../../src/lib/experiments/plans/papers/paper-run'
import { readPaperResults, recordPaperResult } from '../../src/lib/experiments/plans/papers/recorded'
import { reproductionsOf, type Reproduction } from '../../src/lib/experiments/plans/papers/reproduction'
import { splitFacts, splitsOf, type SplitFacts } from '../../src/lib/experiments/plans/papers/splits'
import { reproductionRows, reproductions } from '../../src/lib/experiments/plans/papers/table'
import { judge } from '../../src/lib/experiments/plans/papers/verdict'
import { openDataset, papers } from '../../src/lib/index'
import { inProject } from '../../src/lib/system/project-root'
import type { Paper } from '../../src/lib/papers/paper'
import { paperSchema } from '../../src/lib/papers/paper'

const real: SplitFacts = { name: 'sars-cov-2-ct', folds: true, given: false }

describe('the rule of the verdict', () => {
  test.each([
    [-0.02, 0.02, 'reproduced'], [-0.005, 0.019, 'reproduced'], [-0.021, 0.01, 'inconclusive'], [0.01, 0.03, 'inconclusive'],
    [-0.05, 0.05, 'inconclusive'], [0.021, 0.05, 'not reproduced'], [-0.2, -0.0201, 'not reproduced'], [NaN, NaN, 'inconclusive'],
  ] as const)('%s to %s is %s', (low, high, verdict) => expect(judge({ low, high })).toBe(verdict))
})

/** A paper about ResNet50 from random numbers, in full width. */
function paperOf(change: { architecture?: string; start?: string; status?: string; unit?: string } = {}): Paper {
  const { architecture = 'ResNet50', start = 'random numbers', status = 'printed', unit = 'image' } = change
  return paperSchema.parse({
    id: 'made-up', citation: { authors: 'Nobody', venue: 'nowhere' }, read: 'this test',
    studies: [{
      data: { title: 'Made-up set', modality: 'CT', open: 'made-up-set' }, split: { rule: 'random', unit },
      protocol: { architecture, start }, rows: [{ method: 'ResNet50', status, figures: { accuracy: '90.0' } }],
    }],
  })
}

const madeUp: SplitFacts = { name: 'made-up-set', folds: true, given: false }

/** Three runs of 400 images in 400 groups, so many of them right. */
function results(correct: number, more: Partial<PaperResult['row']> = {}): PaperResult[] {
  return [1, 2, 3].map(seed => {
    const row = {
      data: 'made-up-set', recipe: null, list: null, strategy: 'scratch' as const, weights: 'none' as const, width: 'full' as const,
      depth: 'all', split: 'random' as const, fold: null, seed, accuracy: correct / 400, loss: 0.1, auc: 0.9, seconds: 1,
      trainedParameters: 1, ...more,
    }
    const groups = Array.from({ length: 400 }, (_, i) => ({
      run: paperRunName(row), group: `${i}`, label: i % 2, images: 1, correct: i < correct ? 1 : 0,
    }))
    return { row, groups }
  })
}

function reproduce(paper: Paper, found: readonly PaperResult[], borrowed = false): Reproduction[] {
  return reproductionsOf([paper], { results: found, facts: new Map([['made-up-set', madeUp]]), borrowed })
}

describe('a published row beside measured runs', () => {
  test('of the same network from the same start has a verdict', () => {
    const [close] = reproduce(paperOf(), results(360)), [far] = reproduce(paperOf(), results(250))
    expect(close).toMatchObject({ split: 'published', start: 'random', width: 'full', runs: 3, published: 0.9, printed: '90.0' })
    expect(close.fineTuned!.value).toBeCloseTo(0.9, 12)
    expect(close.difference!.value).toBeCloseTo(0, 12)
    // 400 independent images leave about 2.5 points to both sides: more than the margin.
    expect(close.verdict).toBe('inconclusive')
    expect(far.verdict).toBe('not reproduced')
  })

  test('is reproduced where many images leave a narrow interval', () => {
    const wide = results(360).map(({ row, groups }) => ({ row, groups: groups.map(one => ({ ...one, correct: 0.9 })) }))
    expect(reproduce(paperOf(), wide)[0].verdict).toBe('reproduced')
  })

  test.each([
    ['another network', paperOf({ architecture: 'other' }), {}, /in place of/],
    ['other start weights', paperOf({ start: 'ImageNet' }), {}, /the paper’s from ImageNet/],
    ['another width', paperOf(), { width: 'half' as const }, /half width/],
    ['an unconfirmed figure', paperOf({ status: 'unconfirmed' }), {}, /unconfirmed/],
  ])('has no verdict with %s', (_, paper, more, reason) => {
    const [one] = reproduce(paper, results(250, more))
    expect(one).toMatchObject({ verdict: 'approximation', runs: 3 })
    expect(one.reasons.join('; ')).toMatch(reason)
  })

  test('has no verdict on another data set', () => {
    const [one] = reproduce(paperOf(), results(250), true)
    expect(one.verdict).toBe('approximation')
    expect(one.reasons[0]).toBe('another data set')
  })

  test('is not run where nothing was measured, and says how to run it', () => {
    const expected = { split: null, verdict: 'not run', fineTuned: null, reasons: ['run: npm run reproduce -- made-up'] }
    expect(reproduce(paperOf(), [])).toMatchObject([expected])
    const [elsewhere] = reproductionsOf([paperOf()], { results: [], facts: new Map() })
    expect(elsewhere.reasons).toEqual(['get the data set: npm run data -- made-up-set'])
  })

  test('has no verdict, and no interval, where every image is right', () => {
    const [one] = reproduce(paperOf(), results(400))
    expect(one).toMatchObject({ fineTuned: { value: 1, low: NaN, high: NaN }, verdict: 'inconclusive' })
  })

  test('has no verdict before all folds are done, nor without counts by group', () => {
    const folds = results(200).map((one, i) => ({ ...one, row: { ...one.row, split: 'blocks' as const, fold: i + 1 } }))
    const honest = reproduce(paperOf(), folds).find(({ split }) => split === 'leak-aware')!
    expect(honest).toMatchObject({ verdict: 'inconclusive', difference: { value: -0.4, low: NaN } })
    expect(honest.reasons).toContain('3 of 5 folds')
    const [none] = reproduce(paperOf(), results(200).map(one => ({ ...one, groups: [] })))
    expect(none.verdict).toBe('inconclusive')
    expect(none.reasons).toContain('interval by image, taken as independent')
  })

  test('of a paper that prints no accuracy needs no run', async () =>
    expect(papersPlan(real, { papers: [await papers.open('teodoro-2021')] }).runs).toEqual([]))

  test('shows each network once, beside the same baselines', () => {
    const found = [...results(360), ...results(300, { strategy: 'fine-tuning', weights: 'fractal', width: 'half' }),
      ...results(200, { strategy: 'fine-tuning', weights: 'fractal', width: 'half', depth: 'head' }),
      ...results(372, { strategy: 'baseline', width: 'none', depth: 'pixels, one nearest neighbour' })]
    const [scratch, tuned, ...rest] = reproduce(paperOf(), found)
    expect(rest).toEqual([])
    expect([scratch, tuned].map(one => one.nearestNeighbor!.value)).toEqual([0.93, 0.93])
    expect(tuned).toMatchObject({ start: 'fractal', width: 'half', headOnly: { value: 0.5 } })
    expect(scratch.headOnly).toBeNull()
  })

  test('whose paper dealt out patients has the honest split only', () => {
    const { studies: [study] } = paperOf({ unit: 'patient' })
    expect(splitsOf(study, madeUp).map(({ split }) => split)).toEqual(['leak-aware'])
  })
})

describe('the runs of a protocol', () => {
  const options = async (more: Partial<PapersOptions> = {}) => ({ papers: [await papers.open('soares-2020')], ...more })

  test('of Soares are on the authors’ list, on random splits and on number blocks', async () => {
    const { runs } = papersPlan(real, await options())
    const count = (kind: string, depth: string) =>
      runs.filter(({ run }) => run.split === kind && run.depth === depth).length
    // Baselines and frozen features give the same for every seed where the images are the same.
    const depths = ['all', 'head', 'every stage', 'pixels, one nearest neighbour']
    expect(['listed', 'random', 'blocks'].map(kind => depths.map(depth => count(kind, depth))))
      .toEqual([[3, 3, 1, 1], [3, 3, 3, 3], [5, 5, 5, 5]])
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length)
    const listed = runs.find(({ run }) => run.split === 'listed' && run.depth === 'all')!
    expect(listed.config)
      .toMatchObject({ split: { kind: 'listed', list: 'soares-2020', validation: 0.1 }, freezing: 'all', seed: 1 })
  })

  test('are shared by papers on the same data, and chosen by split and number of seeds', async () => {
    const [one, two] = await Promise.all(['jaiswal-2020', 'lawton-2021'].map(id => papers.open(id)))
    const names = (list: Paper[]) => papersPlan(real, { papers: list }).runs.map(({ name }) => name)
    expect(names([one, two])).toEqual(names([one]))
    const chosen = papersPlan(real, await options({ splits: ['exact'], seeds: 1 })).runs
    expect(new Set(chosen.map(({ run }) => `${run.split} ${run.seed}`))).toEqual(new Set(['listed 1']))
  })

  test('with a printed recipe are trained by it, and shortened where asked', async () => {
    const paper = await papers.open('reference-notebook')
    const { runs } = papersPlan(real, { papers: [paper] })
    const recipe = runs.filter(({ run }) => run.recipe !== null)
    expect(recipe.map(({ run }) => [run.depth, run.split, run.seed]).slice(0, 2)).toEqual([['all', 'random', 42], ['head', 'random', 42]])
    // Classifiers without a network stand beside it on the same split.
    expect(recipe.slice(2).map(({ config }) => [config.model.kind, config.split]))
      .toEqual(Array.from({ length: 3 }, () => ['baseline', recipe[0].config.split]))
    expect(recipe[0].config).toMatchObject({
      split: { kind: 'published', test: 0.2, seed: 42 }, model: { head: 'reference' }, training: { epochs: 50 },
    })
    expect(paperConfig(recipe[0].run, { recipes: recipesOf([paper]), epochs: 2 }).training!.epochs).toBe(2)
  })

  test('of a set without groups leave the honest split out', async () => {
    const none = papersPlan({ ...real, folds: false }, await options())
    expect(none.runs.some(({ run }) => run.split === 'blocks')).toBe(false)
  })

  test('follow from what a data set has', async () => {
    expect(splitFacts(await openDataset('phantom', { phantom: { patients: 12, slicesPerPatient: 2, size: 64 } })))
      .toEqual({ name: 'phantom', folds: true, given: false })
  })
})

describe('the recorded table', () => {
  let all: Reproduction[]
  beforeAll(async () => { all = await readReproductions() })

  test('has every published accuracy', async () => {
    const rows = (await papers.rows()).filter(({ figures }) => figures.accuracy !== undefined)
    expect(new Set(all.map(one => `${one.paper} ${one.data} ${one.method} ${one.printed}`)))
      .toEqual(new Set(rows.map(row => `${row.paper} ${row.study.data.title} ${row.method} ${row.figures.accuracy}`)))
    expect(rows.length).toBeGreaterThan(60)
  })

  test('has the reference notebook’s four starts, its published accuracy beside them', () => {
    const own = all.filter(({ paper, split }) => paper === 'reference-notebook' && split === 'published')
    expect(own.map(({ start, width, fineTuned }) => [start, width, fineTuned!.value])).toEqual([
      ['fractal', 'half', 0.8569], ['random', 'half', 0.7056], ['random', 'full', 0.8085], ['fractal', 'full', 0.8105],
    ])
    expect(own.every(({ verdict, published }) => verdict === 'approximation' && published === 0.8954)).toBe(true)
  })

  test('never gives a verdict to another network or other start weights', () => {
    const judged = all.filter(({ verdict }) => verdict !== 'approximation' && verdict !== 'not run')
    expect(judged.filter(({ width }) => width !== 'full')).toEqual([])
  })

  test('prints as a table and as rows', () => {
    expect(reproductions(all).rows).toHaveLength(all.length)
    const [first] = reproductionRows(all.filter(({ difference }) => difference)).rows
    expect(first.differenceHigh).toBeGreaterThan(first.differenceLow as number)
  })

  test('says beneath the table what all lines share', () => {
    const soares = all.filter(({ paper, start, width }) => paper === 'soares-2020' && start === 'fractal' && width === 'half')
    const { columns, rows, note } = reproductions(soares)
    expect(note).toMatch(/set: SARS-CoV-2 CT-scan set\. The network: ResNet50, fractal, half width\. What differs in all rows: half width/)
    expect(columns.map(({ key }) => key)).not.toContain('data')
    expect(rows.map(({ reasons }) => reasons).join()).not.toMatch(/half width/)
    // One line has all that it says in its own cells.
    expect(reproductions(soares.slice(0, 1)).rows[0].reasons).toBe(soares[0].reasons.join('; '))
  })

  test('records a run, and replaces the row of the same run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'papers-'))
    const files = {
      rows: join(folder, 'runs.csv'), groups: join(folder, 'groups.csv'), reference: join(folder, 'none.csv'),
      strategies: { rows: join(folder, 'none.csv'), groups: join(folder, 'none.csv') },
    }
    const listed = results(300, { split: 'listed', list: 'made-up' })
    const [again] = results(301, { split: 'listed', list: 'made-up' })
    for (const one of [...listed, again]) await recordPaperResult(one, files)
    const read = await readPaperResults(files)
    expect(read.map(({ row }) => row.accuracy)).toEqual([301 / 400, 300 / 400, 300 / 400])
    expect(read[1]).toEqual(listed[1])
  })
})

describe('npm run reproduce', () => {
  const program = ['--import', 'tsx', inProject('scripts', 'reproduce.ts')]
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8', cwd: inProject() })

  test('shows the rows of a paper whose data this project does not import', () => {
    const { status, stdout } = run('ozturk-2020')
    expect(status).toBe(0)
    expect(stdout).toMatch(/98\.08 .* not run/)
    expect(stdout).toContain('this project does not import the data set')
  })

  test.each([
    [['loey-2021'], /Nearest: 'loey-2020'/], [['all', 'loey-2020'], /all, or papers by name/], [[], /usage/i],
    [['loey-2020', '--seeds', '0'], /--seeds of 1 or more/], [['loey-2020', '--split', 'honest'], /--split/],
  ])('refuses %j in one line', (words, message) => {
    const { status, stderr } = run(...words)
    expect(status).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
