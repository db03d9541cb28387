/** The model card MODEL.md: what a saved model is, what it was made from and what it is worth, in plain words. */
import { shortThreshold } from '../../evaluation/call'
import type { Model } from '../../model/model'
import { countParameters } from '../../model/parameter-count'
import type { SavedFacts } from '../../weights/saved/saved-facts'

type Facts = Omit<SavedFacts, 'card'>
type Cells = readonly (string | number)[]

/** @param title of the card, such as the folder's name */
export function modelCard(title: string, model: Model, facts: Facts): string {
  const sections: (readonly [string, readonly string[]])[] = [
    ['How to use it', usage()], ['What it reads', inputOf(model)], ['How it decides', decision(model, facts)],
    ['Data', data(facts)], ['Split', split(facts)], ['Training', training(model, facts)], ['Figures', figures(model, facts)],
    ['Limits', limits(facts)], ['Hashes', hashes(facts)],
  ]
  const text = sections.map(([heading, lines]) => [`## ${heading}`, ...lines].join('\n\n'))
  return [`# ${plain(title)}`, ...opening(model, facts), ...text].join('\n\n') + '\n'
}

function opening(model: Model, { about }: Facts): string[] {
  return [
    `${plain(model.architecture.name)}. It tells apart ${model.labels.map(plain).join(', ')}.`,
    ...(about ? [plain(about)] : []),
    '**This model is not a medical device.** It is for teaching and research. Nobody may base a diagnosis or a treatment on it.',
  ]
}

function usage(): string[] {
  return ['In a notebook: `const model = await openModel(FOLDER)`, then `await predictImage(model, FILE)`. '
    + 'In a terminal: `npm run predict -- FOLDER FILES`.']
}

function inputOf({ size, preprocessing, fit = 'squash', window = {} }: Model): string[] {
  const values = Object.keys(window).length ? `; other values become grey by the window ${JSON.stringify(window)}` : ''
  return [`Grey images of 8 bits${plain(values)}. They are resized to ${size} × ${size} pixels by area, ${fitWords[fit]}. `
    + `Preprocessing: '${preprocessing}'. The library does all of this when it predicts.`]
}

const fitWords = {
  squash: 'width and height apart, so that shapes change', pad: 'whole, between black stripes', crop: 'the square in the middle',
}

function decision({ labels }: Model, { positive, threshold }: Facts): string[] {
  if (positive !== null && threshold !== null)
    return [`An image with a probability of ${plain(positive)} of at least ${shortThreshold(threshold)} is called ${plain(positive)}; any other `
      + `image is called ${labels.length === 2 ? plain(labels.find(label => label !== positive)!) : 'the likeliest other class'}.`]
  const without = 'An image is called the class with the highest probability.'
  return [positive === null ? `${without} No class was named as positive.` : `${without} The positive class is ${plain(positive)}.`]
}

function data({ data }: Facts): string[] {
  if (!data) return [unknown('the data set')]
  return [
    `${plain(data.title)} (${plain(data.name)}). ${plain(data.notice)}`,
    list([`Modality: ${plain(data.modality)}`, `Source: ${plain(data.source)}`, `Licence: ${plain(data.licence)}`, `Content: SHA-256 \`${data.contentHash}\``]),
    table(['class', 'images'], Object.entries(data.images)),
    ...(data.skipped ? [`${data.skipped} files were left out, because they cannot be read.`] : []),
  ]
}

function split({ split, data }: Facts): string[] {
  if (!split || !data) return [unknown('the split')]
  const classes = Object.keys(data.images)
  const row = (name: string, { images, groups }: (typeof split)['train']): Cells =>
    [name, ...classes.map(label => images[label] ?? 0), ...(data.grouping === 'none' ? [] : [groups ?? 0])]
  return [
    `${plain(split.description)}. Seed ${split.seed}.`,
    ...(split.warning ? [`**Warning:** ${plain(split.warning)}`] : []),
    table(['part', ...classes, ...(data.grouping === 'none' ? [] : [`${data.grouping}s`])],
      [row('train', split.train), row('validation', split.validation), row('test', split.test)]),
    ...(split.leftOut ? [`${split.leftOut} images were left out, because a near-duplicate is in validation or test.`] : []),
  ]
}

function training(model: Model, { training, engine, threads }: Facts): string[] {
  const { all, trainable } = sizes(model)
  const start = `Start weights: ${plain(model.start)}. The network has ${all} numbers, ${trainable} of which train`
    + `${model.frozen.size ? ': the other layers are frozen' : ''}.`
  if (!training) return [start, unknown('the training run')]
  const { config, history, best, stopped, seconds, unchanged } = training
  const row = ({ epoch, loss, accuracy, ...validation }: (typeof history)[number]): Cells => [
    epoch, decimal(loss), percent(accuracy), decimal(validation.validationLoss), percent(validation.validationAccuracy),
  ]
  const shown = history.filter(({ epoch }, i) => epoch === best || i === history.length - 1)
  return [
    start,
    `${history.length} epochs in ${seconds.toFixed(0)} s, ${stopped === 'finished' ? 'finished' : `stopped: ${stopped}`}. `
      + `Engine: ${plain(engine)}, ${threads} threads. Seed ${training.seed}.`,
    ...(unchanged ? [] : ['**The numbers were changed after this run.**']),
    table(['epoch', 'loss', 'accuracy', 'validation loss', 'validation accuracy'], shown.map(row)),
    'Configuration:', `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``,
  ]
}

function figures({ labels }: Model, { evaluation, baselines }: Facts): string[] {
  const simpleRows = baselines.map(({ baseline, accuracy, low, high }) =>
    [baseline, percent(accuracy), interval(low, high, percent)])
  const simple = simpleRows.length
    ? ['Classifiers without a network on the test part:', table(['classifier', 'accuracy', '95 % interval'], simpleRows)]
    : ['No classifier without a network was recorded for comparison.']
  if (!evaluation) return [unknown('an evaluation'), ...simple]
  const { part, images, positive, intervalKind, loss, confusion } = evaluation
  const scope = positive === null ? 'means over the classes' : `positive: ${plain(positive)}`
  const rows = Object.entries(evaluation.figures).map(([measure, { value, low, high }]): Cells => {
    const shown = measure.startsWith('F1') || measure.startsWith('area') ? decimal : percent
    return [measure, shown(value), interval(low, high, shown)]
  })
  return [
    `${partWords[part]}, ${images} images; ${scope}. ${plain(intervalKind)}.`,
    table(['measure', 'value', '95 % interval'], [...rows, ['loss (cross-entropy, nats)', decimal(loss), '–']]),
    'Images by their class (rows) and the class they were called (columns), the likeliest class counting:',
    table(['', ...labels], labels.map((label, k) => [label, ...confusion[k] ?? []])),
    ...simple,
  ]
}

const partWords = {
  test: 'On the test part', validation: 'On the validation part, which training looked at: figures are too good',
  train: 'On the training part: figures say nothing about new images', another: 'On images of which no split was recorded',
}

function limits({ data, split, evaluation }: Facts): string[] {
  return [list([
    'Scanners, hospitals, diseases and age groups that are not in the data can give any answer; no output says so.',
    'Images that are no chest images get a class, too.',
    'How often a call is right depends on how common each class is where the model is used.',
    ...(data?.evidence === 'phantom' ? ['The images were drawn by code: the figures say nothing about disease.'] : []),
    ...(data?.evidence === 'planted' ? ['Faults were planted in the images: the figures say nothing about disease.'] : []),
    ...(data?.grouping === 'none'
      ? ['The patients behind the images are unknown: images of one patient may be in several parts.'] : []),
    ...(data?.nearDuplicatesSearched === false
      ? ['Near-duplicates were not searched: images of different parts may be nearly the same.'] : []),
    ...(split?.warning ? [plain(split.warning)] : []),
    ...(evaluation ? [] : ['How well the model does on new images was not recorded.']),
  ])]
}

function hashes({ weights, data, split, saved }: Facts): string[] {
  return [list([
    `Numbers of the network: SHA-256 \`${weights}\``,
    ...(data ? [`Data set: SHA-256 \`${data.contentHash}\``] : []),
    ...(split ? [`Split: SHA-256 \`${split.hash}\``] : []),
    `Saved: ${saved}`,
  ])]
}

function unknown(what: string): string {
  return `Not recorded: ${what} was not passed to saveModel.`
}

function sizes(model: Model): { all: string; trainable: string } {
  const { total, trainable } = countParameters(model)
  return { all: total.toLocaleString('en'), trainable: trainable.toLocaleString('en') }
}

function percent(value: number): string {
  return Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`
}

function decimal(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3)
}

function interval(low: number, high: number, shown: (value: number) => string): string {
  return Number.isNaN(low) || Number.isNaN(high) ? '–' : `${shown(low)} to ${shown(high)}`
}

function list(lines: readonly string[]): string {
  return lines.map(line => `- ${line}`).join('\n')
}

function table(head: readonly string[], rows: readonly Cells[]): string {
  const line = (cells: Cells) => `| ${cells.map(cell => plain(String(cell))).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text that Markdown shows as it is, on one line. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_<>|#[\]]/g, '\\$&')
}

