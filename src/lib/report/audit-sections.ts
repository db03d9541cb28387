/** What lies behind an audit's findings, as sections of its page. */
import type { Audit } from '../audit/audit'
import type { Copies } from '../audit/copies'
import type { Question } from '../audit/finding'
import type { ScoredArm } from '../audit/scored-arm'
import type { Dataset } from '../data/dataset'
import { auditNumbers } from '../display/audit-numbers-table'
import { duplicates, patients } from '../display/duplicate-tables'
import { auditInputs } from '../display/figures/audit-inputs'
import { auditScores } from '../display/figures/audit-scores'
import { duplicateGroups } from '../display/figures/duplicate-groups'
import { pairGrid } from '../display/figures/example-grid'
import type { Figure } from '../display/figures/figure'
import { imageIssues as imageIssueGrid, labelIssues as labelIssueGrid } from '../display/figures/issue-grids'
import { imageIssues, labelIssues } from '../display/issue-tables'
import type { Table } from '../display/tables'
import type { AuditSection } from './audit-page'

/** A section before it is drawn. */
interface Plan {
  id: string
  title: string
  words: string
  questions: readonly Question[]
  /** Figures and tables above the table of all figures; none where the audit did not ask. */
  draw?(dataset: Dataset, audit: Audit): Promise<{ figures?: Figure[]; tables?: Table[] }>
}

const plans: readonly Plan[] = [
  {
    id: 'leakage', title: 'Is the patient recognized?', questions: ['shuffled labels', 'random against grouped'],
    words: 'With labels that mean nothing, accuracy above chance on a random split is leakage. The difference between random folds '
      + 'and folds by group is what a random split adds to an accuracy.',
    draw: async (_dataset, { arms }) => ({ figures: scoresOf(arms?.arms.filter(({ question, input, split }) =>
      question === 'shuffled labels' || (question === 'trivial classifiers' && input === 'whole image' && split !== 'as given')),
    'leakage', 'The same classifiers on random folds and on folds by group') }),
  },
  {
    id: 'copies', title: 'Copies of images', questions: ['duplicates'],
    words: 'Equal grey levels and agreement in details prove copies. The other measures find candidates, some of which show different '
      + 'patients in the same position: look at them.',
    draw: async (dataset, { copies }) => (copies ? {
      figures: [...await groupsOf(dataset, copies), ...await copiesOf(dataset, copies)],
      tables: [duplicates(copies.duplicates)],
    } : {}),
  },
  {
    id: 'patients', title: 'Patients', questions: ['patients'],
    words: 'A patient on two sides of a split makes accuracies too good; a patient of two classes may be a wrong label.',
    draw: async (_dataset, audit) => ({ tables: audit.patients ? [patients(audit.patients)] : [] }),
  },
  {
    id: 'shortcuts', title: 'What tells the class?', questions: ['border', 'lungs', 'file facts', 'trivial classifiers', 'another set'],
    words: 'Classifiers that see no disease: files without pixels, borders, images without lungs; and classifiers that any network has to '
      + 'beat. Every image is predicted by a fit that has not seen it.',
    draw: async (dataset, { arms, another }) => ({ figures: [
      ...scoresOf(arms?.arms.filter(({ question, split }) => question !== 'shuffled labels' && split !== 'random'),
        'shortcuts', 'What tells the class?'),
      ...scoresOf(another?.arms, 'another-set', `Trained on this set, tested on ${another?.title}`),
      ...(arms?.lungs ? await inputsOf(dataset) : []),
    ] }),
  },
  {
    id: 'labels', title: 'Labels', questions: ['labels'],
    words: 'Labels that the other images contradict. A contradiction is a reason to look, not a proof: the classifier is wrong, too.',
    draw: async (dataset, { labels }) => (labels ? {
      figures: [await labelIssueGrid(dataset, labels)], tables: [labelIssues(labels)],
    } : {}),
  },
  {
    id: 'images', title: 'Images', questions: ['images'],
    words: 'Images that are unlike the rest of the set. What only one class has can tell the class.',
    draw: async (dataset, { images }) => (images ? {
      figures: [await imageIssueGrid(dataset, images)], tables: [imageIssues(dataset, images)],
    } : {}),
  },
]

/** The sections, in the order of the page; those that the audit did not ask for are left out. */
export async function auditSections(dataset: Dataset, audit: Audit): Promise<AuditSection[]> {
  const asked = new Set(audit.findings.map(({ question }) => question))
  const sections: AuditSection[] = []
  const wanted = plans.filter(plan => plan.questions.some(question => asked.has(question)))
  for (const { id, title, words, questions, draw } of wanted) {
    const { figures = [], tables = [] } = await draw?.(dataset, audit) ?? {}
    const numbers = { ...auditNumbers(audit, questions), name: `${id}-figures`, title: '' }
    sections.push({ id, title, words, figures, tables, numbers: numbers.rows.length ? numbers : null })
  }
  return sections
}

/** The scores of some arms; no figure where there are none. */
function scoresOf(arms: readonly ScoredArm[] | undefined, name: string, title: string): Figure[] {
  return arms?.length ? [auditScores({ arms }, { name, title })] : []
}

/** Groups of images that agree in their details, which proves them copies; no figure where there are none. */
async function groupsOf(dataset: Dataset, copies: Copies): Promise<Figure[]> {
  const details = copies.duplicates.find(({ measure, groups }) => measure === 'details' && groups.length > 0)
  return details ? [await duplicateGroups(dataset, details)] : []
}

/** Pairs of images across a split that are shown, for each split. */
const shownPairs = 6

/** For each split, test images beside the training images most like them. */
async function copiesOf(dataset: Dataset, copies: Copies): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [i, { split, seen }] of copies.across.entries()) {
    const found = seen.find(({ measure, count }) => measure !== 'grey levels' && count > 0)
    if (!found) continue
    const pairs = found.seen.slice(0, shownPairs).map(({ image, training, sameClass }) => {
      const [one, other] = [dataset.items[image].group, dataset.items[training].group]
      return { query: image, nearest: training, sameClass, sameGroup: one !== null && one === other }
    })
    figures.push(await pairGrid(dataset, pairs, {
      name: `copies-${i + 1}`, title: `Test images and the training images most like them, by ${found.measure}`,
      subtitle: `${split}. Solid frame: the same class; dashed: another.`,
    }))
  }
  return figures
}

/** The first image of each class as the classifiers see it. */
async function inputsOf(dataset: Dataset): Promise<Figure[]> {
  const firsts = dataset.labels.map((_, k) => dataset.items.findIndex(({ label }) => label === k)).filter(i => i >= 0)
  return Promise.all(firsts.slice(0, 3).map((index, i) => auditInputs(dataset, index, { name: `inputs-${i + 1}` })))
}
