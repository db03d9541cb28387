/**
 * Chest X-rays of children with and without pneumonia: Kermany et al., Cell 172 (2018) 1122, from Guangzhou.
 *
 * Two archives are around. Kaggle's has train, val and test and names such as person1_virus_6.jpeg and
 * IM-0115-0001.jpeg; Mendeley's has train and test and names such as VIRUS-1008087-0001.jpeg (class, patient, image).
 */
import { partOfWord } from '../part-words'
import { isImageName } from '../layouts/file-kinds'
import { withoutCopies, type FoundImage, type Found, type PublishedSet } from './published-set'

const labels = ['NORMAL', 'PNEUMONIA']

export const kermanyXray: PublishedSet = {
  name: 'kermany-xray', title: 'Kermany chest X-rays', modality: 'X-ray', labels, positive: 'PNEUMONIA',
  licence: 'CC BY 4.0, according to Kaggle',
  source: 'https://www.kaggle.com/datasets/paultimothymooney/chest-xray-pneumonia',
  notice: 'Real chest X-rays, of children only. Patients are read from the file names, within each folder: whether one '
    + 'child appears in two folders is not known.',
  layout: 'train, val and test, in each NORMAL and PNEUMONIA with JPEG files',
  published: 5856,
  kaggle: { path: 'paultimothymooney/chest-xray-pneumonia', limit: 8 * 1024 ** 3 },
  find,
}

function find(files: readonly string[]): Found {
  const images = files.flatMap((file): FoundImage[] => {
    const [folder, label, base] = file.split('/').slice(-3)
    const part = base === undefined ? null : partOfWord(folder)
    if (!part || !labels.includes(label) || !isImageName(base)) return []
    return [{ file, name: `${folder}/${label}/${base}`, label, group: patientOf(folder, label, base), part }]
  })
  // Kaggle's archive holds the whole set again in a folder inside it.
  const found = withoutCopies(images)
  const validation = found.images.filter(image => image.part === 'validation').length
  const small = validation > 0 && validation < 50 ? [`The part val has ${validation} images only: its figures say little.`] : []
  return { images: found.images, notes: [...found.notes, ...small] }
}

/** Numbers of patients count within a folder and class; Mendeley's seven digits count everywhere. */
function patientOf(folder: string, label: string, base: string): string | null {
  const mendeley = /^(?:NORMAL|BACTERIA|VIRUS|PNEUMONIA)-(\d{4,})-\d+\./i.exec(base)
  if (mendeley) return `patient ${mendeley[1]}`
  const kaggle = /^(person\d+)_/i.exec(base) ?? /^((?:NORMAL2-)?IM-\d+)-\d+/i.exec(base)
  return kaggle ? `${folder}/${label} ${kaggle[1]}` : null
}
