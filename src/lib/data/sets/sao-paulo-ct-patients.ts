/**
 * CT slices of 210 patients of the hospitals in São Paulo from which the SARS-CoV-2 CT-scan set comes too: COVID, other
 * findings, and healthy. The layout is written from memory: nobody here has seen the set.
 */
import { isImageName } from '../layouts/file-kinds'
import { withoutCopies, type Found, type FoundImage, type PublishedSet } from './published-set'

/** What the class folders are called, from memory. */
const classes: readonly (readonly [label: string, pattern: RegExp])[] = [
  ['COVID', /^(covid|sars)/i], ['healthy', /^(healthy|normal)/i], ['other', /^other/i],
]

export const saoPauloCtPatients: PublishedSet = {
  name: 'sao-paulo-ct-patients', title: 'CT scans of 210 patients in São Paulo', modality: 'CT',
  labels: classes.map(([label]) => label), positive: 'COVID',
  licence: 'not known to this project',
  source: 'https://www.kaggle.com/datasets/plameneduardo/a-covid-multiclass-dataset-of-ct-scans (address from memory)',
  notice: 'Real CT slices of the hospitals from which the SARS-CoV-2 CT-scan set comes too: the two may share patients. '
    + 'What its folders mean is written from memory and was not checked against the set.',
  layout: 'a folder for each class (Covid, Healthy, Others), in it one for each patient with PNG files (from memory)',
  published: 4173,
  find,
}

function find(files: readonly string[]): Found {
  return withoutCopies(files.flatMap((file): FoundImage[] => {
    const [folder, patient, base] = file.split('/').slice(-3)
    const label = base === undefined ? undefined : classes.find(([, pattern]) => pattern.test(folder))?.[0]
    if (!label || !isImageName(base)) return []
    // Numbers of patients begin anew in each class.
    return [{ file, name: `${label}/${patient}/${base}`, label, group: `${label} ${patient}` }]
  }))
}
