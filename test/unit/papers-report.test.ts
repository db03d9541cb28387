/** Published against measured in the report: the ladder, the full table, and the script that sorts and filters it. */
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import type { Reproduction } from '../../src/lib/experiments/plans/papers/reproduction'
import { figures } from '../../src/lib/index'
import { indexPage } from '../../src/lib/report/index-page'
import { sortableScript } from '../../src/lib/report/sortable-table'

const around = (value: number) => ({ value, low: value - 0.03, high: value + 0.02 })
/** Its texts hold what pages must escape. */
const unmeasured: Reproduction = {
  paper: 'a-2020', citation: 'A & B 2020', data: 'Made-up <set>', modality: 'CT', method: 'Net "9"', status: 'printed',
  printed: '98.20', published: 0.982, check: 'accuracy only', split: null, start: null, width: null, ownSettings: false,
  runs: 0, difference: null, verdict: 'not run', reasons: ['get the data set: <b>here</b>'], fineTuned: null, headOnly: null,
  features: null, nearestNeighbor: null, histogram: null, histogramNeighbors: null,
}
const measured: Reproduction = {
  ...unmeasured, split: 'published', start: 'fractal', width: 'half', runs: 3, fineTuned: around(0.95), headOnly: around(0.8),
  features: around(0.9), histogram: around(0.7), difference: around(-0.032), verdict: 'not reproduced', reasons: [],
}
const honest: Reproduction = {
  ...measured, split: 'leak-aware', runs: 5, fineTuned: around(0.85), difference: around(-0.132), verdict: 'approximation',
}
const other: Reproduction = {
  ...measured, paper: 'c-2021', citation: 'C 2021', method: 'ResNet50', printed: '9.3', published: 0.093,
  difference: around(0.857),
}
const list = [unmeasured, measured, honest, other]

/** The pale lines beneath the title. */
function subtitleIn(svg: string): string {
  return [...parseHTML(svg).document.querySelectorAll('text[fill="#666666"]')].map(({ textContent }) => textContent).join(' ')
}

describe('the ladder', () => {
  test('names each arm of each split, and the published accuracies at the paper’s own split', () => {
    const { alt, svg } = figures.reproductionLadder(list)
    for (const words of [
      'published kind of split, head only: 80.0 %', 'published kind of split, all layers trained: 95.0 %',
      'published kind of split, logistic regression on histograms: 70.0 %', 'leak-aware split, all layers trained: 85.0 %',
      'published kind of split, published: 9.3 %, 98.2 %.',
    ]) expect(alt).toContain(words)
    expect(alt).not.toMatch(/nearest neighbor|leak-aware split, published/)
    expect(subtitleIn(svg)).toContain('3 on the published kind of split; 5 on the leak-aware split')
  })

  test('draws no interval where there is none, and says where nothing was measured', () => {
    const { svg } = figures.reproductionLadder([{ ...measured, fineTuned: { value: 0.9, low: NaN, high: NaN } }])
    expect(svg).not.toMatch(/NaN|undefined/)
    expect(figures.reproductionLadder([unmeasured]).alt).toContain('There are no runs to draw.')
  })

  test('leaves unconfirmed accuracies out', () => {
    const { alt } = figures.reproductionLadder([measured, { ...other, status: 'unconfirmed' }])
    expect(alt).toContain('split, published: 98.2 %.')
  })

  test('draws the network that was measured most fully, or the one asked for; unknown ones are refused', () => {
    const thin = { ...measured, width: 'full', fineTuned: around(0.6), headOnly: null, features: null }
    expect(figures.reproductionLadder([thin, thin, measured]).alt).toContain('all layers trained: 95.0 %')
    expect(figures.reproductionLadder([thin, measured], { network: 'fractal, full' }).alt).toContain('all layers trained: 60.0 %')
    expect(() => figures.reproductionLadder([thin], { network: 'fractal, half' })).toThrow(/fractal, full/)
    expect(() => figures.reproductionLadder(list, { data: 'Other set' })).toThrow(/Made-up <set>/)
  })

  test('draws the project’s settings where a paper’s own ran too, and says where only those ran', () => {
    const own = { ...measured, ownSettings: true, fineTuned: around(0.6) }
    expect(figures.reproductionLadder([own, measured]).alt).not.toContain('60.0')
    const alone = figures.reproductionLadder([own, honest])
    expect(alone.alt).toContain('all layers trained: 60.0 %')
    expect(subtitleIn(alone.svg)).toContain('3 on the published kind of split (the paper’s own settings)')
  })

  test('says so where another data set was measured', () => {
    expect(subtitleIn(figures.reproductionLadder([measured]).svg)).toMatch(/^Made-up <set>\./)
    expect(subtitleIn(figures.reproductionLadder([{ ...measured, reasons: ['another data set'] }]).svg))
      .toContain('Published on Made-up <set>, measured on another data set.')
  })

  test('keeps papers apart that tested different images of their own', () => {
    const first: Reproduction = { ...measured, split: 'exact' }, second: Reproduction = { ...other, split: 'exact', fineTuned: around(0.77) }
    const { alt } = figures.reproductionLadder([first, second])
    expect(alt).toContain('exact split, A & B 2020, all layers trained: 95.0 %')
    expect(alt).toContain('exact split, C 2021, all layers trained: 77.0 %')
    expect(alt).toContain('exact split, C 2021, published: 9.3 %')
  })
})

describe('the section', () => {
  const page = indexPage([], list)

  test('is absent where nothing was measured', () => {
    expect(indexPage([], [unmeasured])).toBe(indexPage([]))
    expect(indexPage([])).not.toContain('against-measured')
  })

  test('has the rule, the figure, all rows and the CSV; texts are escaped; nothing is loaded from elsewhere', () => {
    expect(page).toContain('href="tables/papers.csv"')
    for (const words of ['lies within 2 points', 'recorded in', 'A &amp; B 2020', 'Net &quot;9&quot;', 'get the data set: &lt;b&gt;', '<svg'])
      expect(page).toContain(words)
    expect(page).not.toMatch(/<b>here|<set>/)
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\/|@import|url\(/)
  })

  test('has a label for each control, and each anchor once', () => {
    const { document } = parseHTML(page)
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id)
    expect(new Set(ids).size).toBe(ids.length)
    const controls = [...document.querySelectorAll('form input, form select')]
    expect(controls).toHaveLength(4)
    for (const { id } of controls) expect(document.querySelectorAll(`label[for="${id}"]`)).toHaveLength(1)
    for (const link of document.querySelectorAll('a[href^="#"]')) expect(ids).toContain(link.getAttribute('href')!.slice(1))
  })

  test('reads without the script: a heading for each column and row, digits as printed, intervals, the number of rows', () => {
    const { document } = parseHTML(page)
    expect(document.querySelector('form')!.hasAttribute('hidden')).toBe(true)
    expect(document.querySelector('[role=status]')!.textContent).toBe('4 rows')
    expect(document.querySelectorAll('thead th[scope=col]')).toHaveLength(18)
    const cells = [...document.querySelectorAll('tbody tr')[1].children]
    expect(cells.map(cell => cell.textContent).slice(0, 8))
      .toEqual(['A & B 2020', 'Net "9"', 'published', 'fractal, half', '98.20', '95.0 92.0 to 97.0', '-3.2 -6.2 to -1.2', 'not reproduced'])
    expect(cells[0].getAttribute('scope')).toBe('row')
    expect(cells[5].getAttribute('class')).toBe('number')
    expect(cells[5].getAttribute('data-value')).toBe('0.95')
  })
})

describe('the script', () => {
  /** The page after its script ran. */
  const open = () => {
    const { document, Event } = parseHTML(indexPage([], list))
    // linkedom’s menus have no values to choose.
    for (const control of document.querySelectorAll('input, select')) Object.defineProperty(control, 'value', { value: '', writable: true })
    new Function('document', 'setTimeout', sortableScript)(document, (call: () => void) => call())
    const rows = () => [...document.querySelectorAll('tbody tr')]
    return {
      document, heading: (i: number) => document.querySelectorAll('thead th')[i],
      column: (i: number) => rows().map(row => row.children[i].textContent!.split(' ')[0]),
      shown: () => rows().filter(row => !row.hasAttribute('hidden')).map(row => row.children[0].textContent),
      status: () => document.querySelector('[role=status]')!.textContent,
      click: (i: number) => document.querySelectorAll('thead button')[i].dispatchEvent(new Event('click')),
      choose: (selector: string, value: string) => {
        Object.assign(document.querySelector(selector)!, { value })
        document.querySelector('form')!.dispatchEvent(new Event('input'))
      },
    }
  }

  test('shows the form and a button in each heading', () => {
    const { document, status } = open()
    expect(document.querySelector('form')!.hasAttribute('hidden')).toBe(false)
    expect(document.querySelectorAll('thead th > button[type=button]')).toHaveLength(18)
    expect(status()).toBe('4 of 4 rows shown')
  })

  test('sorts numbers as numbers, up and down, rows without one last, and says so', () => {
    const { click, column, heading } = open()
    click(4)
    expect(column(4)).toEqual(['9.3', '98.20', '98.20', '98.20'])
    click(6)
    expect(column(6)).toEqual(['-13.2', '-3.2', '85.7', '–'])
    expect(heading(4).hasAttribute('aria-sort')).toBe(false)
    expect(heading(6).getAttribute('aria-sort')).toBe('ascending')
    click(6)
    expect(column(6)).toEqual(['85.7', '-3.2', '-13.2', '–'])
    expect(heading(6).getAttribute('aria-sort')).toBe('descending')
  })

  test('sorts words, and keeps the order of rows that tie', () => {
    const { click, column } = open()
    click(2)
    expect([column(2), column(0)]).toEqual([['leak-aware', 'published', 'published', '–'], ['A', 'A', 'C', 'A']])
  })

  test('filters by words in any order and by the menus, and counts the rows shown', () => {
    const { choose, shown, status } = open()
    choose('input', 'resnet50 c')
    expect([shown(), status()]).toEqual([['C 2021'], '1 of 4 rows shown'])
    choose('input', '')
    choose('select[data-column="2"]', 'published')
    choose('select[data-column="7"]', 'not reproduced')
    expect(shown()).toEqual(['A & B 2020', 'C 2021'])
    choose('select[data-column="2"]', '–')
    expect([shown(), status()]).toEqual([[], '0 of 4 rows shown'])
  })
})
