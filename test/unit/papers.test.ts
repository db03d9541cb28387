/** Published studies as data: every file matches the schema, and every row's check is known. */
import { describe, expect, test } from 'vitest'
import { papers, tables } from '../../src/lib/index'
import { paperSchema, statuses } from '../../src/lib/papers/paper'

const all = await papers.list()
const rows = await papers.rows()

/** Every row: paper, method, verdict, and the recovered matrix (truth in rows, the positive class first). */
const expected: readonly (readonly [paper: string, method: string, verdict: string, matrix: string | null])[] = [
  ['alshazly-2021', 'ResNet101', 'impossible as printed', null],
  ['alshazly-2021', 'best ResNet', 'several test sets', null],
  ['alshazly-2021-covid-nets', 'best of CovidResNet and CovidDenseNet, two classes', 'one test set', '456, 37 / 4, 172'],
  ['apostolopoulos-2020', 'MobileNetV2', 'impossible as printed', null],
  ['arxiv-2503-12642', 'ResNet50', 'no test set', null],
  ['attallah-2022', 'proposed framework', 'no test set', null],
  ['attallah-2022', 'CoviDenseNet', 'impossible as printed', null],
  ['attallah-2022', 'customized CNN', 'too many test sets', null],
  ['attallah-2022', 'customized simple CNN', 'no test set', null],
  ['attallah-2022', 'Bi-LSTM', 'no test set', null],
  ['attallah-2022', 'VGG-16, ResNet-50 and Xception, majority vote', 'several test sets', null],
  ['attallah-2022', 'VGG-11, ResNet-50-2 and Inception v3, fuzzy ranking', 'several test sets', null],
  ['attallah-2022', 'customized CNN, genetic algorithm and boosted trees', 'too many test sets', null],
  ['attallah-2022', 'four networks, texture features and a support vector machine', 'too many test sets', null],
  ['course-assignment-2020', 'VGG16, head only', 'its matrix gives it', null],
  ['course-assignment-2020', 'VGG16, all layers', 'its matrix gives it', null],
  ['course-assignment-2020', 'ResNet18, head only', 'its matrix gives it', null],
  ['course-assignment-2020', 'VGG16, head only', 'its matrix contradicts it', null],
  ['course-assignment-2020', 'VGG16, all layers', 'its matrix contradicts it', null],
  ['course-assignment-2020', 'ResNet18, head only', 'its matrix contradicts it', null],
  ['course-assignment-2020', 'ResNet18, all layers', 'its matrix contradicts it', null],
  ['course-assignment-2020', 'VGG16, head only', 'several matrices', null],
  ['course-assignment-2020', 'VGG16, first 7 layers frozen', 'several matrices', null],
  ['course-assignment-2020', 'ResNet18, head only', 'several matrices', null],
  ['course-assignment-2020', 'ResNet18, all layers', 'several matrices', null],
  ['covid-net-2020', 'COVID-Net Small', 'several matrices', null],
  ['covid-net-2020', 'COVID-Net Large', 'its matrix gives it', null],
  ['covid-net-2020', 'COVID-Net CXR-2', 'one matrix', '191, 9 / 6, 194'],
  ['covid-net-2020', 'COVID-Net CXR-3', 'one matrix', '195, 5 / 2, 198'],
  ['covidnet-ct-2020', 'COVIDNet-CT-1 L', 'its matrix gives it', null],
  ['covidnet-ct-2020', 'COVIDNet-CT-1 S', 'its matrix gives it', null],
  ['covidnet-ct-2022', 'COVID-Net CT-2 L', 'its matrix gives it', null],
  ['covidnet-ct-2022', 'COVID-Net CT-2 S', 'its matrix gives it', null],
  ['garg-2022', 'EfficientNet-B5, three classes', 'too little is printed', null],
  ['he-2020', 'DenseNet-169', 'one matrix', '91, 7 / 24, 81'],
  ['he-2020', 'DenseNet-169, Self-Trans', 'several matrices', null],
  ['he-2020', 'ResNet-50 from random numbers', 'several matrices', null],
  ['he-2020', 'ResNet-50 from ImageNet', 'several matrices', null],
  ['he-2020', 'ResNet-50, Self-Trans', 'several matrices', null],
  ['hossain-2022', 'ResNet50, SwAV on iNat2021 Mini', 'no test set', null],
  ['ieee-access-2020', 'AlexNet', 'one matrix', '81, 19 / 27, 92'],
  ['ieee-access-2020', 'VGG16', 'no test set', null],
  ['ieee-access-2020', 'VGG19', 'one matrix', '62, 38 / 12, 107'],
  ['ieee-access-2020', 'GoogLeNet', 'one matrix', '50, 50 / 9, 110'],
  ['ieee-access-2020', 'ResNet-50', 'one matrix', '60, 36 / 14, 109'],
  ['jaiswal-2020', 'DenseNet201', 'several test sets', null],
  ['lawton-2021', 'VGG-19 with histogram equalization', 'several test sets', null],
  ['liu-2020', 'LA-DNN', 'another reading', '87, 11 / 12, 92'],
  ['loey-2020', 'ResNet50 with augmentation', 'one matrix', '73, 21 / 13, 92'],
  ['ozturk-2020', 'DarkCovidNet, two classes', 'impossible as printed', null],
  ['ozturk-2020', 'DarkCovidNet, three classes', 'accuracy only', null],
  ['pmc7646727', 'ResNet', 'one matrix', '315, 21 / 41, 295'],
  ['pmc9084582', 'ResNet50 features, SVM with radial basis functions', 'one matrix', '481, 25 / 202, 632'],
  ['preprints-2025', 'DenseNet201, fine-tuned', 'one matrix', '219, 3 / 1, 273'],
  ['reference-notebook', 'ResNet50', 'accuracy only', null],
  ['saeedi-2020', 'DenseNet features, Nu-SVM', 'no test set', null],
  ['showkat-2022', 'ResNet50', 'one matrix', '379, 11 / 35, 199'],
  ['showkat-2022', 'ResNet18', 'several matrices', null],
  ['showkat-2022', 'ResNet34', 'several matrices', null],
  ['showkat-2022', 'ResNet101', 'one matrix', '360, 30 / 14, 220'],
  ['showkat-2022', 'ResNet152', 'several matrices', null],
  ['silva-2020', 'EfficientNet, patient-wise', 'too little is printed', null],
  ['soares-2020', 'xDNN', 'another reading', '235, 11 / 2, 248'],
  ['soares-2020', 'ResNet', 'another reading', '239, 7 / 18, 232'],
  ['soares-2020', 'GoogleNet', 'another reading', '230, 16 / 25, 225'],
  ['soares-2020', 'AlexNet', 'another reading', '227, 19 / 12, 238'],
  ['soares-2020', 'VGG-16', 'impossible as printed', null],
  ['soares-2020', 'AdaBoost', 'impossible as printed', null],
  ['soares-2020', 'Decision tree', 'impossible as printed', null],
  ['sun-2022', 'AI model in use', 'too little is printed', null],
  ['sun-2022', 'AI model', 'accuracy only', null],
  ['sun-2022', 'radiologist 1', 'accuracy only', null],
  ['sun-2022', 'radiologist 2', 'accuracy only', null],
  ['teodoro-2021', 'EfficientNet-B0 features, support vector machine', 'too little is printed', null],
]

test('fifteen papers and thirty rows at least, sorted by id', () => {
  expect(all.length).toBeGreaterThanOrEqual(15)
  expect(rows.length).toBeGreaterThanOrEqual(30)
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort())
})

test('every row’s verdict', () => {
  const found = rows.map(row => {
    const { verdict, recovered } = papers.checkPublished(row)
    return [row.paper, row.method, verdict, recovered]
  })
  expect(found).toEqual(expected)
})

describe('statuses are what the figures bear', () => {
  const of = (status: string) => rows.filter(row => row.status === status)

  test('each is in use', () => expect(statuses.filter(status => of(status).length === 0)).toEqual([]))

  test('consistent rows recover exactly one matrix', () =>
    expect(of('consistent').map(row => papers.checkPublished(row).recovered).filter(matrix => matrix === null)).toEqual([]))
})

test('Soares’s rows fit with non-COVID as the positive class only: recall is specificity', async () => {
  const xdnn = (await papers.rows('soares-2020'))[0]
  expect(xdnn.study.positive).toBe('COVID')
  expect(papers.checkPublished(xdnn)).toMatchObject({ verdict: 'another reading', recovered: '235, 11 / 2, 248' })
})

test('Ozturk’s folds do not have the printed mean', async () => {
  const [row] = await papers.rows('ozturk-2020')
  expect(papers.checkPublished(row).words.join(' ')).toContain('The printed folds average 97.92, not 98.08')
})

test('the reference notebook is one paper among them', async () => {
  const [{ recipe, protocol, rows: [row] }] = (await papers.open('reference-notebook')).studies
  expect(protocol).toMatchObject({ imageSize: 64, epochs: 50 })
  expect(recipe!.training.optimizer).toEqual({ name: 'adam', rate: 0.003, epsilon: 0.1 })
  expect(Number(row.figures.accuracy)).toBe(recipe!.reported.accuracy)
})

test('an unknown paper is refused with the nearest id', async () => {
  await expect(papers.open('soares-2021')).rejects.toThrow(/Nearest: 'soares-2020'/)
})

describe('a file that does not match is refused with the field', () => {
  const good = JSON.parse(JSON.stringify(all.find(({ id }) => id === 'soares-2020'))) as typeof all[number]
  const changed = (change: (paper: typeof good) => void) => {
    const paper = JSON.parse(JSON.stringify(good)) as typeof good
    change(paper)
    const { error } = paperSchema.safeParse(paper)
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  }

  test.each<[string, (paper: typeof good) => void, RegExp]>([
    ['a number in place of digits', paper => { (paper.studies[0].rows[0].figures as Record<string, unknown>).accuracy = 97.38 }, /figures\.accuracy/],
    ['a status that is not known', paper => { (paper.studies[0].rows[0] as { status: string }).status = 'sure' }, /rows\.0\.status/],
    ['a misspelt key', paper => { Object.assign(paper.studies[0], { postive: 'COVID' }) }, /postive/],
    ['a positive class that was not tested', paper => { paper.studies[0].positive = 'covid' }, /'covid' is no class/],
    ['a matrix of other images', paper => { paper.studies[0].rows[0].matrix = [[1, 2], [3, 4]] }, /do not add up/],
    ['figures of a class that was not tested', paper => { paper.studies[0].rows[0].byClass = { Covid: {} } }, /'Covid' is no class/],
  ])('%s', (_, change, message) => expect(changed(change)).toMatch(message))

  test('but a good one is not', () => expect(changed(() => {})).toBeUndefined())
})

describe('tables', () => {
  test('of papers say what is not known', () => {
    const table = tables.papers(all)
    expect(table.rows.length).toBe(all.length)
    expect(table.rows.find(({ id }) => id === 'ieee-access-2020')!.title).toBe('not known')
  })

  test('of rows show the digits as printed', async () => {
    const [row] = tables.publishedRows(await papers.rows('soares-2020')).rows.slice(1)
    expect(row).toMatchObject({ paper: 'Soares et al. 2020', precision: '93.00', images: 496, status: 'consistent' })
  })

  test('of a protocol show unknown settings as unknown', async () => {
    expect(tables.protocols(await papers.open('loey-2020')).rows[0])
      .toMatchObject({ test: '94 COVID, 105 non-COVID', counts: 'recovered', size: 'not known', optimizer: 'not known' })
  })
})
