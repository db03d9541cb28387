/** `npm run check-row`: whether a published row of figures can be true. */
import { rowCheck } from '../src/lib/display/row-check-table'
import { toText } from '../src/lib/display/tables'
import { checkRow } from '../src/lib/evaluation/row-check/check-row'
import type { PrintedRow } from '../src/lib/evaluation/row-check/printed'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'

/** Options that are figures, and the metric of each. */
const metrics = {
  accuracy: 'accuracy', precision: 'precision', sensitivity: 'sensitivity', recall: 'sensitivity', specificity: 'specificity',
  npv: 'npv', f1: 'f1', mcc: 'mcc', kappa: 'kappa', 'balanced-accuracy': 'balancedAccuracy', auc: 'auc',
} as const
type Figure = keyof typeof metrics
const figures = Object.keys(metrics) as Figure[]

const description: CommandDescription<Figure | 'n-positive' | 'n-negative' | 'total' | 'up-to' | 'folds' | 'unit', never> = {
  usage: 'npm run check-row -- --n-positive 246 --n-negative 250 --accuracy 94.96 --precision 93.00 …',
  does: 'Searches the confusion matrices that print as a row of figures. State figures with the digits as printed. Where the\n'
    + 'class counts are not known, --total searches all pairs with this sum, and --up-to all test sets up to this size.\n'
    + 'A row that fits is possible; that does not make it true. The exit status is 1 where no reading fits.',
  values: {
    'n-positive': 'test images of the class that counts as positive',
    'n-negative': 'test images of the other class',
    total: 'all test images',
    'up-to': 'the largest test set to search where nothing is known, up to 3000; default 800',
    accuracy: 'such as 94.96 or .9496', precision: 'positive predictive value', sensitivity: 'also called recall',
    recall: 'the same as sensitivity', specificity: 'sensitivity of the other class', npv: 'negative predictive value',
    f1: 'harmonic mean of precision and sensitivity', mcc: 'Matthews’ correlation; below 0: --mcc=-.1', kappa: 'Cohen’s kappa',
    'balanced-accuracy': 'mean of sensitivity and specificity', auc: 'is ignored: no confusion matrix gives it',
    folds: 'tries also whether figures are means over so many folds',
    unit: 'percent or fraction, where the figures do not tell',
  },
}

const possible = ['one matrix', 'several matrices', 'another reading', 'one test set', 'several test sets', 'too many test sets']

async function main(args: string[]): Promise<number> {
  const options = readOptions(args, description)
  const stated = figures.filter(name => options.text(name) !== undefined)
  if (stated.length === 0) options.refuse('one figure or more, such as --accuracy 94.96', 'none')
  if (stated.includes('sensitivity') && stated.includes('recall')) options.refuse('--sensitivity or --recall', 'both')
  const printed = Object.fromEntries(stated.map(name => [metrics[name], options.text(name)!])) as PrintedRow
  const check = checkRow({
    printed, positives: options.whole('n-positive', undefined), negatives: options.whole('n-negative', undefined),
    total: options.whole('total', undefined), upTo: options.whole('up-to', undefined), folds: options.whole('folds', undefined),
    unit: options.oneOf('unit', ['percent', 'fraction'] as const, undefined),
  })
  const { note: _, ...table } = rowCheck(check)
  console.log(table.rows.length > 0 ? `${toText(table)}\n` : `${table.title}\n`)
  for (const sentence of check.words) console.log(sentence)
  return possible.includes(check.verdict) ? 0 : 1
}

void runCommand(main)
