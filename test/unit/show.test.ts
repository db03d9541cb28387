import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseHTML } from 'linkedom'
import type { Dataset } from '../../src/lib/data/dataset'
import { measurePredictions } from '../../src/lib/evaluation/evaluation'
import { classes } from '../../src/lib/display/class-table'
import { rocCurve } from '../../src/lib/display/figures/roc-curve'
import { show, shownOf } from '../../src/lib/notebook/show'
import { byProfile, profile } from '../../src/lib/system/profile'
import { splitByGroup, splitPublished, splitRandom } from '../../src/lib/data/split/split'
import { emptyModel, madeImage, madePredictions } from '../fixtures/figures'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Forty images in ten groups; no files. */
const dataset: Dataset = {
  name: 'made', title: 'Made-up set', labels: ['COVID', 'non-COVID'], grouping: 'patient',
  modality: 'unknown', evidence: 'phantom',
  items: Array.from({ length: 40 }, (_, i) => ({
    name: `${String(i).padStart(2, '0')}.png`, label: i < 20 ? 0 : 1, group: `patient ${Math.floor(i / 4)}`,
  })),
  notice: 'Drawn for a test.', licence: 'none', source: 'none', contentHash: 'none', nearDuplicates: [],
  read: async index => madeImage(8, 8, 1, index),
}

function page(thing: Parameters<typeof show>[0]) {
  return parseHTML(`<html><body>${shownOf(thing).html}</body></html>`).document
}

describe('show', () => {
  it('prints text where there is no notebook', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    show('x < y')
    expect(log).toHaveBeenCalledExactlyOnceWith('x < y')
    expect(shownOf('x < y').html).toBe('<p>x &lt; y</p>')
  })

  it('marks figures so that the report finds them, and keeps their SVG whole', () => {
    const figure = rocCurve(measurePredictions(madePredictions(['COVID', 'non-COVID'], 1), { positive: 'COVID' }))
    const element = page(figure).querySelector('figure')!
    expect(element.getAttribute('data-figure')).toBe('roc-curve')
    expect(element.querySelector('svg')!.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg')
    expect(shownOf(figure).text).toContain(figure.alt)
  })

  it('shows each class against the rest, whichever is positive, as a curve and as a row', () => {
    const labels = ['normal', 'pneumonia', 'COVID']
    const evaluation = measurePredictions(madePredictions(labels, 1.3), { positive: 'COVID' })
    const named = (options: { everyClass?: boolean }) =>
      labels.filter(label => rocCurve(evaluation, options).alt.includes(`${label}: area`))
    expect(named({})).toEqual(['COVID'])
    expect(named({ everyClass: true })).toEqual(labels)
    const { rows } = classes(evaluation)
    expect(rows.map(row => row.class)).toEqual(labels)
    expect(rows[2]).toMatchObject({
      images: 120, sensitivity: evaluation.sensitivity.value, low: evaluation.sensitivity.low,
      auc: evaluation.auc.value,
    })
  })

  it('counts a data set and carries its notice', () => {
    const { text } = shownOf(dataset)
    expect(text.split('\n').map(line => line.replace(/ +/g, ' '))).toEqual([
      'Made-up set', 'class images patients', 'COVID 20 5', 'non-COVID 20 5', 'all 40 10', 'Drawn for a test.',
    ])
  })

  it('shows a split\'s parts, and warns where it is not to be believed', () => {
    const random = page(splitRandom(dataset, { validation: 0.2, test: 0.2, seed: 1 }))
    expect(random.querySelector('p')!.textContent).toMatch(/^Warning: /)
    expect([...random.querySelectorAll('tbody tr')].map(row => row.querySelector('td')!.textContent))
      .toEqual(['train', 'validation', 'test'])
    expect(page(splitByGroup(dataset, { validation: 0.2, test: 0.2, seed: 1 })).querySelector('p')).toBeNull()
    expect(shownOf(splitPublished(dataset, { test: 0.2, seed: 1 })).text).toMatch(/validation = test/)
  })

  it('shows a model stage by stage', () => {
    expect(shownOf(emptyModel()).text).toMatch(/conv5 .*14,998,528/)
  })

  it('shows an evaluation with its intervals and says what they are', () => {
    const evaluation = measurePredictions(madePredictions(['COVID', 'non-COVID'], 1), { positive: 'COVID' })
    const document = page(evaluation)
    const [first] = document.querySelectorAll('tbody tr')
    const { value, low, high } = evaluation.accuracy
    expect([...first.querySelectorAll('td')].map(cell => cell.getAttribute('data-value')))
      .toEqual(['accuracy', ...[value, low, high].map(String)])
    expect(document.querySelector('p')!.textContent).toBe(evaluation.intervalKind)
    const { text } = shownOf(measurePredictions(madePredictions(['a', 'b', 'c'], 1)))
    for (const measure of ['sensitivity', 'specificity']) expect(text).toContain(`${measure}, c`)
    expect(text).toContain('area under the ROC curve, c against the rest')
    expect(text).not.toContain('positive')
    const unnamed = shownOf(measurePredictions(madePredictions(['a', 'b'], 1))).text
    expect(unnamed).toContain('mean over classes')
    expect(unnamed).toContain('No class is named as positive')
  })

  it('shows rows as a table', () => {
    expect(shownOf([{ epoch: 1, loss: 0.5 }]).text).toBe('epoch   loss\n    1  0.500')
  })

  it('says what to do about things that it cannot show', () => {
    expect(() => show(Promise.resolve() as never)).toThrow(/received a promise. Write `await` before it/)
    expect(() => show(7 as never)).toThrow(/bad-argument: expected a figure, .* received number/)
  })
})

describe('the profile', () => {
  it('is quick unless LAB_PROFILE says otherwise', () => {
    vi.stubEnv('LAB_PROFILE', '')
    expect(profile()).toBe('quick')
    vi.stubEnv('LAB_PROFILE', 'full')
    expect(byProfile({ tiny: 1, quick: 8, full: 50 })).toBe(50)
    vi.stubEnv('LAB_PROFILE', 'huge')
    expect(() => profile()).toThrow(/bad-argument: expected LAB_PROFILE to be 'tiny', 'quick' or 'full', received 'huge'/)
  })
})
