/** `npm run audit`: whether an accuracy on a data set means what it says, on one page. */
import { relative } from 'node:path'
import { auditDataset } from '../src/lib/audit/audit-dataset'
import { questions, type Question } from '../src/lib/audit/finding'
import type { Dataset } from '../src/lib/data/dataset'
import { openDataset } from '../src/lib/data/registry'
import { verdictWords } from '../src/lib/display/findings-table'
import type { Model } from '../src/lib/model/model'
import { writeAudit } from '../src/lib/report/audit-files'
import { recordAudit } from '../src/lib/report/recorded-audit'
import { projectRoot } from '../src/lib/system/project-root'
import { presets } from '../src/lib/training/presets'
import { resnet50 } from '../src/lib/weights/resnet50'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'
import { stages } from './command/progress.mjs'
import { userPath } from './command/user-path.mjs'

const description: CommandDescription<'group' | 'external' | 'seed' | 'questions', 'record' | 'retrain'> = {
  usage: "npm run audit -- NAME [--group 'person(\\d+)_'] [--external NAME] [--seed 42] [--questions duplicates,patients,…]",
  does: 'Looks in a data set for whatever makes accuracies too good: the same images or patients on both sides of a split,\n'
    + 'classes that are told by the files, the border or a trivial classifier, labels that are probably wrong, odd images.\n'
    + 'NAME is a set that npm run data has listed or kept, or a folder. Writes one page, results/NAME/audit/index.html, and\n'
    + 'its tables as CSV. Ctrl-C ends the audit early: the page then says which questions are open.',
  values: {
    group: "a pattern that finds the patient in a file name, such as 'person(\\d+)_'",
    external: 'another set of the same classes, on which classifiers of the first are tested',
    seed: 'of folds and made-up labels; default 42',
    questions: `only these, with commas between them: ${questions.join(', ')}`,
  },
  flags: {
    retrain: 'trains a network anew for each input too, for eight epochs; it takes long',
    record: 'records the figures in results/tables/audit.csv; of real images only',
  },
  words: [0, 1],
}

async function main(args: string[], signal: AbortSignal): Promise<number> {
  const options = readOptions(args, description)
  const [name] = options.words
  if (name === undefined) options.refuse('the name of a data set', 'none')
  const asked = options.text('questions')?.split(',').map(word => word.trim())
  const unknown = asked?.find(word => !(questions as readonly string[]).includes(word))
  if (unknown !== undefined) options.refuse(`--questions among ${questions.join(', ')}`, unknown || 'none')
  const record = options.flag('record'), external = options.text('external'), groupPattern = options.text('group')
  if (record && asked) options.refuse('--record with all questions', '--questions')
  if (external === '') options.refuse('a name after --external', 'nothing')
  const started = new Date().toISOString(), begun = performance.now()
  const dataset = await openDataset(setName(name))
  const audit = await auditDataset(dataset, {
    seed: options.whole('seed', undefined), questions: asked as Question[] | undefined, onProgress: stages(), signal,
    ...(options.flag('retrain') ? { retrain: { network: await startOf(dataset), config: presets.quick.train } } : {}),
    ...(groupPattern === undefined ? {} : { groupPattern }),
    ...(external === undefined ? {} : { external: await openDataset(setName(external)) }),
  })
  const page = await writeAudit(dataset, audit, {
    command: ['npm run audit --', ...args.map(quoted)].join(' '), seconds: (performance.now() - begun) / 1000,
    started,
  })
  if (record) await recordAudit(audit)
  console.log(`\n${audit.verdict}\n`)
  for (const { question, verdict, sentence } of audit.findings) console.log(`${question}: ${verdictWords[verdict]}. ${sentence}`)
  console.log(`\n${relative(projectRoot, page)}`)
  return audit.stopped ? 130 : 0
}

/** The network that is trained anew: half width, from fractals, 64 pixels. */
function startOf({ labels }: Dataset): Promise<Model> {
  return resnet50({ classes: labels, weights: 'fractal', width: 'half', size: 64, ...presets.quick.model })
}

/** A set's name as it is, a path from the folder in which the user is. */
function setName(name: string): string {
  return name.includes('/') ? userPath(name) : name
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

void runCommand(main, { savesOnInterrupt: true })
