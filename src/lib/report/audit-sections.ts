/** What lies behind an audit's findings, as sections of its page. */
import type { Audit } from '../audit/audit'
import type { Question } from '../audit/finding'
import type { Dataset } from '../data/dataset'
import type { Figure } from '../display/figures/figure'
import { auditNumbers } from '../display/audit-numbers-table'
import type { Table } from '../display/tables'
import type { AuditSection } from './audit-page'

/** A section before it is drawn. */
interface Plan {
  id: string
  title: string
  words: string
  questions: readonly Question[]
  /** Figures and tables beside the table of figures; none where the audit did not ask. */
  draw?(dataset: Dataset, audit: Audit): Promise<{ figures?: Figure[]; tables?: Table[] }>
}

const plans: readonly Plan[] = [
  {
    id: 'leakage', title: 'Is the patient recognized?', questions: ['shuffled labels', 'random against grouped'],
    words: 'With labels that mean nothing, accuracy above chance on a random split is leakage. The difference between random folds '
      + 'and folds by group is what a random split adds to an accuracy.',
  },
  {
    id: 'copies', title: 'Copies of images', questions: ['duplicates'],
    words: 'Equal grey levels and agreement in details prove copies. The other measures find candidates, some of which show different '
      + 'patients in the same position: look at them.',
  },
  {
    id: 'patients', title: 'Patients', questions: ['patients'],
    words: 'A patient on two sides of a split makes accuracies too good; a patient of two classes may be a wrong label.',
  },
  {
    id: 'shortcuts', title: 'What tells the class?', questions: ['border', 'lungs', 'file facts', 'trivial classifiers', 'another set'],
    words: 'Classifiers that see no disease: files without pixels, borders, images without lungs; and classifiers that any network has to '
      + 'beat. Every image is predicted by a fit that has not seen it.',
  },
  {
    id: 'labels', title: 'Labels', questions: ['labels'],
    words: 'Labels that the other images contradict. A contradiction is a reason to look, not a proof: the classifier is wrong, too.',
  },
  {
    id: 'images', title: 'Images', questions: ['images'],
    words: 'Images that are unlike the rest of the set. What only one class has can tell the class.',
  },
]

/** The sections, in the order of the page; those that the audit did not ask for are left out. */
export async function auditSections(dataset: Dataset, audit: Audit): Promise<AuditSection[]> {
  const asked = new Set(audit.findings.map(({ question }) => question))
  const sections: AuditSection[] = []
  const wanted = plans.filter(plan => plan.questions.some(question => asked.has(question)))
  for (const { id, title, words, questions, draw } of wanted) {
    const { figures = [], tables = [] } = await draw?.(dataset, audit) ?? {}
    const numbers = { ...auditNumbers(audit, questions), name: `${id}-figures`, title: 'All figures' }
    sections.push({ id, title, words, figures, tables: [...tables, ...(numbers.rows.length ? [numbers] : [])] })
  }
  return sections
}
