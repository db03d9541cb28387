/** How the images at hand came by their grey levels: what is known about their window. */
import type { Dataset } from '../../data/dataset'
import type { CtWindow } from '../../images/ct-window'
import { byModality, paragraphs, type Explanation } from './explanation'

export const greys = {
  'how the greys came about': data => paragraphs(
    byModality(data, {
      CT: 'Your images are **CT** images.',
      'X-ray': 'Your images are **X-ray images**.',
      unknown: 'Which of the two your images are, the data set does not say.',
    }) + ' ' + (data.evidence === 'phantom' ? drawn(data) : data.window ? windowed(data) : exported(data)),
  ),
} satisfies Record<string, Explanation>

function drawn(data: Dataset): string {
  return data.modality === 'X-ray'
    ? `Code drew them, as two sites would take them: the second site shows fewer greys between black and white, and sharpens
      more. So the same lung has other greys at the other site.`
    : `Code drew them in CT numbers and showed them through a lung window, which differs a little from patient to patient, as
      if several scanners were at work.`
}

/** The files hold values; the laboratory knows how they become greys. */
function windowed({ window = {}, modality }: Dataset): string {
  const { counts, ct, radiographs, numbers } = window
  const sentences = [
    ct ? `The files hold CT numbers, which are shown through the window ${range(ct)}.` : '',
    counts ? 'bits' in counts
      ? `Files of 16 bits hold values of ${counts.bits} bits: 0 is shown black, ${2 ** counts.bits - 1} white.`
      : `The values of files of 16 bits are shown through the window ${range(counts)}.` : '',
    numbers ? `Signed and fractional values are shown through the window ${range(numbers)}.` : '',
    radiographs ? `The detector's values are shown through the window ${range(radiographs)}.` : '',
  ].filter(Boolean)
  if (sentences.length === 0) sentences.push('Each file says itself how it is to be shown.')
  const meaning = modality === 'CT' && (ct ?? numbers)
    ? 'One window holds for the whole set: within it, a grey stands for a CT number; what lies outside is black or white.'
    : modality === 'X-ray'
      ? 'A detector\'s values depend on the exposure and the device: the same tissue may have another grey in another file.'
      : 'What the values mean, the files do not say.'
  return `${sentences.join(' ')} (Files of 8 bits, if there are any, are shown as they are.) ${meaning}`
}

function range({ center, width }: CtWindow): string {
  const number = (value: number) => value.toLocaleString('en-US', { useGrouping: false }).replace('-', '−')
  return `from ${number(center - width / 2)} (black) to ${number(center + width / 2)} (white)`
}

/** Files of 8 bits: greys and nothing else. */
function exported(data: Dataset): string {
  const origin = byModality(data, {
    CT: 'Their files passed through a window already, and nobody wrote down which.',
    'X-ray': `The device, or whoever exported the files, chose their greys, and often sharpened them; nobody wrote down how.
      That bones are bright is a custom, too: some devices store them dark.`,
    unknown: 'Their files hold finished greys: somebody, or some device, chose a window, and nobody wrote down which.',
  })
  const scale = data.modality === 'CT' ? 'Hounsfield units' : 'measurements of tissue'
  return `${origin} So grey levels are *not* ${scale}, the same tissue may have another grey in another file, and a window used
    for one class more than for another would give the class away.`
}
