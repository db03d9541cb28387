/**
 * Chest X-rays with and without tuberculosis, from two hospitals: Montgomery County (138) and Shenzhen (662).
 * Jaeger et al., Quantitative Imaging in Medicine and Surgery 4 (2014) 475. One image a patient.
 */
import { isImageName } from '../layouts/file-kinds'
import { baseOf, withoutCopies, type Found, type FoundImage, type PublishedSet } from './published-set'

export const tuberculosisXray: PublishedSet = {
  name: 'tuberculosis-xray', title: 'Montgomery and Shenzhen chest X-rays', modality: 'X-ray',
  labels: ['normal', 'tuberculosis'], positive: 'tuberculosis',
  licence: 'not stated; its makers ask to be cited, and not to pass the images on',
  source: 'https://lhncbc.nlm.nih.gov/LHC-downloads/downloads.html (tuberculosis chest X-ray image data sets)',
  notice: 'Real chest X-rays, one a patient, of two hospitals. The training part is Shenzhen, the test part Montgomery: '
    + 'the test asks what is left at another hospital.',
  layout: 'CXR_png folders with MCUCXR_0001_0.png (Montgomery) and CHNCXR_0001_0.png (Shenzhen); the last digit is the class',
  published: 800,
  find,
}

function find(files: readonly string[]): Found {
  const images = files.flatMap((file): FoundImage[] => {
    const [, hospital, number, digit] = /^(MCU|CHN)CXR_(\d+)_([01])\.[a-z]+$/i.exec(baseOf(file)) ?? []
    // The masks of the lungs have the same names, in folders of their own.
    if (hospital === undefined || !isImageName(file) || /mask/i.test(file)) return []
    const montgomery = hospital.toUpperCase() === 'MCU'
    return [{
      file, name: `${montgomery ? 'Montgomery' : 'Shenzhen'}/${baseOf(file)}`,
      label: digit === '1' ? 'tuberculosis' : 'normal', group: `${hospital.toUpperCase()} ${number}`,
      part: montgomery ? 'test' : 'train',
    }]
  })
  const found = withoutCopies(images)
  const hospitals = new Set(found.images.map(image => image.part))
  if (hospitals.size === 2) return found
  // One hospital alone has no given parts.
  const alone = found.images.map(({ part: _, ...image }) => image)
  const only = hospitals.has('test') ? 'Montgomery' : 'Shenzhen'
  return { images: alone, notes: [...found.notes, `This copy holds ${only} only, so that there are no given parts.`] }
}
