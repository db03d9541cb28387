/**
 * COVID-19 Radiography Database: chest X-rays of four classes, with masks of the lungs.
 * Chowdhury et al., IEEE Access 8 (2020) 132665; Rahman et al., Computers in Biology and Medicine 132 (2021) 104319.
 */
import { isImageName } from '../layouts/file-kinds'
import { baseOf, countNote, withoutCopies, type Found, type FoundImage, type PublishedSet } from './published-set'

const labels = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia']

export const covidRadiography: PublishedSet = {
  name: 'covid-radiography', title: 'COVID-19 Radiography Database', modality: 'X-ray', labels, positive: 'COVID',
  licence: 'not known to this project',
  source: 'https://www.kaggle.com/datasets/tawsifurrahman/covid19-radiography-database',
  notice: 'Real chest X-rays. No patient is known, and the classes come from different collections: a network can learn '
    + 'to tell the collections apart.',
  layout: 'COVID, Lung_Opacity, Normal and Viral Pneumonia, in each images and masks with PNG files',
  published: 21165,
  kaggle: { path: 'tawsifurrahman/covid19-radiography-database', limit: 8 * 1024 ** 3 },
  find,
}

function find(files: readonly string[]): Found {
  const known = new Set(files)
  const images = files.flatMap((file): FoundImage[] => {
    const steps = file.split('/'), base = baseOf(file)
    const label = labels.find(name => name.toLowerCase() === steps.at(-3)?.toLowerCase())
    if (!label || steps.at(-2)?.toLowerCase() !== 'images' || !isImageName(file)) return []
    const mask = [...steps.slice(0, -2), 'masks', base].join('/')
    return [{ file, name: `${label}/${base}`, label, group: null, ...(known.has(mask) ? { mask } : {}) }]
  })
  const found = withoutCopies(images)
  const without = found.images.filter(image => !image.mask).map(image => image.name)
  return { images: found.images, notes: [...found.notes, ...countNote('Images without a mask of the lungs', without)] }
}
