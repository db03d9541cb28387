/** The confusion matrix whose cells open their images, and the worst mistakes: which images, in which order. */
import { parseHTML } from 'linkedom'
import { describe, expect, it, test } from 'vitest'
import { figures, measurePredictions } from '../../src/lib/index'
import { pictureUrl } from '../../src/lib/display/figures/picture-url'
import { collect } from '../../src/lib/report/collect'
import { shownOf } from '../../src/lib/notebook/show'
import { datasetOf } from '../fixtures/datasets'
import { madePredictions } from '../fixtures/figures'

const hostile = '</section><script>alert(1)</script><img src=x onerror="alert(2)">'
const predictions = {
  classes: ['COVID', 'other'], names: ['a', 'b', 'c', hostile, 'e'], groups: ['p 1', 'p 1', null, 'p 2', 'p 2'],
  labels: Int32Array.of(0, 0, 0, 0, 1), grouping: 'patient' as const,
  probabilities: Float32Array.of(0.375, 0.625, 0.125, 0.875, 0.75, 0.25, 0.625, 0.375, 0, 1),
}
const evaluation = measurePredictions(predictions)
const itemsOf = ({ names, labels, groups }: Pick<typeof predictions, 'names' | 'labels' | 'groups'>) =>
  names.map((name, i) => ({ name, label: labels[i], group: groups[i] }))
/** The part's order is not that of the set. */
const dataset = datasetOf(itemsOf(predictions).reverse(), { labels: predictions.classes })
const part = { dataset, role: 'test' as const, indices: [4, 3, 2, 1, 0] }

const opened = (html: string) => [...parseHTML(`<body>${html}</body>`).document.querySelectorAll('details')].map(cell => ({
  words: cell.querySelector('summary')!.textContent,
  heading: cell.querySelector('p')!.textContent,
  captions: [...cell.querySelectorAll('figcaption')].map(caption => [...caption.children].map(one => one.textContent)),
  pictures: [...cell.querySelectorAll('img')].map(image => image.getAttribute('src')),
}))

test('cells open their images: the surest mistakes and the least sure of the right ones first', async () => {
  const { html } = await figures.confusionExplorer(evaluation, part)
  const [right, wrong, last] = opened(html)
  expect(opened(html)).toHaveLength(3)
  expect(right.words).toBe('2 of COVID called COVID (50.0 %): open the images')
  expect(right.captions.map(([name]) => name)).toEqual([hostile, 'c'])
  expect(wrong.heading).toBe('2 images of COVID called other, the most confident first.')
  expect(wrong.captions).toEqual([
    ['b', 'COVID, called other at 87.5\u00a0%', 'patient: p 1'], ['a', 'COVID, called other at 62.5\u00a0%', 'patient: p 1'],
  ])
  expect(right.captions[1]).toEqual(['c', 'COVID, called so at 75.0\u00a0%', 'patient unknown'])
  expect(last.words).toContain('1 of other called other (100.0 %)')
})

test('each caption stands beneath its own image', async () => {
  const shades = datasetOf(dataset.items, { labels: predictions.classes, read: async index => ({
    width: 1, height: 1, channels: 1, data: Uint8Array.of(10 * index),
  }) })
  const cells = opened((await figures.confusionExplorer(evaluation, { ...part, dataset: shades })).html)
  const again = opened((await figures.confusionExplorer(evaluation, { ...part, dataset: shades }, { images: 1 })).html)
  const pictures = new Map(cells.flatMap(cell => cell.captions.map(([name], i) => [name, cell.pictures[i]] as const)))
  expect(new Set(pictures.values()).size).toBe(5)
  expect(again.map(cell => [cell.captions[0][0], cell.pictures])).toEqual(
    [hostile, 'b', 'e'].map(name => [name, [pictures.get(name)]]))
  // The set lists e first, so that b stands at index 3.
  expect(pictures.get('b')).toBe(await pictureUrl(await shades.read(3), 96))
})

test('nothing but numbers, words and pictures: no script, no address, no markup from names', async () => {
  const { html, alt } = await figures.confusionExplorer(evaluation, part, { title: hostile })
  const { document } = parseHTML(`<body>${html}</body>`)
  expect(document.querySelectorAll('script, style, link, [onerror], [onclick]')).toHaveLength(0)
  expect([...document.querySelectorAll('img')].every(image => image.getAttribute('src')!.startsWith('data:image/png;base64,'))).toBe(true)
  expect(html).not.toMatch(/(?:href|url\()/)
  expect(document.querySelectorAll('section')).toHaveLength(1)
  expect(shownOf({ name: 'x', title: 'x', html, alt }).html).toBe(html)
})

test('a cell shows 24 images and says how many more there are; a page shows about 240', async () => {
  const many = madePredictions(['COVID', 'other'], 0, 10, 20)
  const shown = async (made: typeof many, options = {}) =>
    opened((await figures.confusionExplorer(measurePredictions(made), {
      dataset: datasetOf(itemsOf(made as never), { labels: made.classes }), role: 'test', indices: [...made.names.keys()],
    }, options)).html)
  for (const { words, captions, heading } of await shown(many)) {
    const count = Number(words.split(' ')[0])
    expect(captions).toHaveLength(24)
    expect(heading).toContain(` ${count - 24} images more are not shown.`)
  }
  const seven = await shown(madePredictions('abcdefg'.split(''), 0, 10, 10))
  expect(seven).toHaveLength(49)
  expect(Math.max(...seven.map(({ captions }) => captions.length))).toBe(4)
  await expect(shown(many, { images: 25 })).rejects.toThrow(/images to be a whole number from 1 to 24/)
})

test('the images of another part are refused', async () => {
  await expect(figures.confusionExplorer(evaluation, { ...part, indices: [4, 3, 1, 2, 0] }))
    .rejects.toThrow(/expected the part that was predicted, received .*script.* in the place of c/s)
  await expect(figures.confusionExplorer(evaluation, { ...part, indices: [4, 3, 2, 1] })).rejects.toThrow('no image in the place of e')
  await expect(figures.confusionExplorer(evaluation, { ...part, indices: [4, 3, 2, 1, 0, 0] })).rejects.toThrow('6 images for 5 predictions')
})

test('the report finds galleries, each by its own name', async () => {
  const gallery = await figures.confusionExplorer(evaluation, part)
  const output = { data: { 'text/html': shownOf(gallery).html.split(/(?<=\n)/) } }
  const { galleries, figures: found, tables } = collect({ cells: [{ outputs: [output, output] }] }, '06')
  expect(galleries.map(({ name, title }) => [name, title])).toEqual(
    ['06-confusion-explorer', '06-confusion-explorer-2'].map(name => [name, gallery.title]))
  expect(galleries[0].html).toBe(gallery.html)
  expect([found, tables]).toEqual([[], []])
})

describe('the worst mistakes', () => {
  const captions = ({ svg }: { svg: string }) => [...svg.matchAll(/<image [^>]*><title>([^<]*)</g)].map(([, caption]) => caption.split('\n'))

  it('come with truth, prediction, probability and group, the most confident first', async () => {
    const figure = await figures.worstMistakes(evaluation, part)
    expect(captions(figure)).toEqual([
      ['b', 'COVID, called other at 87.5\u00a0%', 'patient: p 1'], ['a', 'COVID, called other at 62.5\u00a0%', 'patient: p 1'],
    ])
    expect(figure.svg).toContain('2 mistakes in 5 images. Made up.')
    const one = await figures.worstMistakes(evaluation, part, { images: 1, truth: 'COVID' })
    expect(captions(one)).toHaveLength(1)
    expect(one.svg).toContain('2 mistakes of COVID in 5 images, the first 1 shown.')
  })

  it('of one kind only, where there are none, and of another part', async () => {
    expect((await figures.worstMistakes(evaluation, part, { truth: 'other' })).svg).toContain('There is no mistake of other to show.')
    await expect(figures.worstMistakes(evaluation, part, { predicted: 'othr' })).rejects.toThrow(/Nearest: 'other'/)
    await expect(figures.worstMistakes(evaluation, { ...part, indices: [0, 1, 2, 3, 4] })).rejects.toThrow('the part that was predicted')
  })
})
