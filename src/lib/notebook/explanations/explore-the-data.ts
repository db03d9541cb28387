/** Notebook 01: what its images are, what their labels mean, and what their files tell. */
import type { Dataset } from '../../data/dataset'
import { counted } from '../../system/summary'
import { byModality, listed, literally, onlyFor, paragraphs, type Explanation } from './explanation'

export const exploreTheData = {
  'how to look at the images': data => paragraphs(byModality(data, {
    CT: `These are **CT [slices](glossary.md#slice)**: cross-sections of the chest, taken by [computed
      tomography](glossary.md#ct). You look at each person from the feet up: the left of the picture is the right of the
      body. The two dark areas are the lungs, full of air; the bright ring around them is ribs and breastbone; the bright
      block in the middle at the back is a vertebra; the grey mass between the lungs holds the heart and the great vessels
      (the *mediastinum*).`,
    'X-ray': `These are **X-ray images** ([radiographs](glossary.md#radiograph)): shadows of the whole chest. You look at
      each person from the front, face to face: the left of the picture is the right of the body. The two dark areas are
      the lungs, full of air; bones are bright, and the ribs cross the lungs; the bright mass in the middle holds spine,
      heart and great vessels, the heart's larger part on the right of the picture; the two domes below are the
      diaphragms.`,
    unknown: `The data set does not say what took its images, CT or X-rays, so this notebook does not say it either. On
      both, lungs are dark, because they are full of air, and bones are bright. (\`npm run data -- NAME --from FOLDER
      --modality X-ray\` keeps a set together with this word; \`--modality CT\` with the other.)`,
  })),

  'what the labels mean': data => paragraphs(
    data.evidence === 'phantom' ? drawnLabels(data) : data.name === 'sars-cov-2-ct' ? sarsLabels : foundLabels,
    negativeLabels(data),
  ),

  'what images of one patient share': data => paragraphs(byModality(data, {
    CT: `On CT a patient gives not one image but many, a few millimeters apart. The same vessels, the same ribs, the same finding
      appear in one after the other, hardly changed.`,
    'X-ray': `Many patients give more than one X-ray image: on admission, after some days, before they go home. Shape of the
      ribs, size of the heart, a pacemaker, an old scar stay the same, whatever becomes of the disease.`,
    unknown: 'Many patients give more than one image. Their bodies stay the same, whatever the images are taken for.',
  })),

  'what the files tell': data => paragraphs(
    data.evidence === 'phantom' ? drawnFiles(data) : `Compare the classes in both tables. A number of channels or a darkest
      grey that many images of one class have, and hardly any of another, gives the class away. Where the counts follow
      the sizes of the classes, they give nothing away. There may be traces that no table here shows.`,
    onlyFor(data, 'sars-cov-2-ct', `In the SARS-CoV-2 CT-scan set, 413 files are stored without transparency, and *all* of
      them are COVID; and 370 COVID images, but only 2 others, have 68 as their darkest grey, as if one export had washed
      them out. A program that never looks at a lung can use either.`),
  ),

  'near-duplicates': ({ evidence, grouping, nearDuplicates, nearDuplicatesSearched }) => paragraphs(
    evidence === 'phantom' ? 'The phantom is not searched for images that are nearly equal: code draws each anew.'
    : nearDuplicatesSearched === false ? `Nobody has searched this set for images that are *nearly* equal. (\`npm run data
      -- NAME --from FOLDER\` keeps a folder as a set and searches it, unless it is very large.)`
    : `The set was searched for images that are *nearly* equal: ${counted(nearDuplicates.length, 'pair')} correlate at 0.90
      or more, at 64 × 64 pixels. ${pairsInSplits(grouping)}`,
  ),
} satisfies Record<string, Explanation>

/** What becomes of nearly equal images when a set is split. */
function pairsInSplits(grouping: Dataset['grouping']): string {
  if (grouping === 'none') return 'A split at random may put such a pair into different parts; it says how often it did.'
  return grouping === 'patient' ? 'Splits by patient keep both images of a pair in one part.'
    : `Splits by group leave an image out of training if the other of its pair lies in another part. A pair may still lie in
      validation and test: the split says so.`
}

const sarsLabels = `In the SARS-CoV-2 CT-scan set, "non-COVID" does not mean healthy: the class includes people with other
  diseases of the lung.`

const foundLabels = `These labels come from the names of folders or from a table. Somebody decided each of them: by a
  laboratory test, by looking at the image, or by a program that read a report. Each way has its own errors. What is known
  about it stands beneath the table at the top; if nothing stands there, nobody here knows, and whoever gave you the images
  should be asked.`

function drawnLabels({ modality, labels }: Dataset): string {
  return modality === 'X-ray'
    ? `Code drew these images, so their labels are right, which is never certain of real ones. "${labels[0]}": two to five
      hazy patches in the lungs. "${labels[1]}": none.`
    : `Code drew these images, so their labels are right, which is never certain of real ones. "${labels[0]}": hazy patches
      at the rim of both lungs. "${labels[1]}": nodules, emphysema, edema, a consolidated segment, or nothing at all.`
}

/** What a class does not say that is named for an absence, such as 'non-COVID' or 'normal'. */
function negativeLabels({ labels, evidence, name }: Dataset): string {
  if (evidence === 'phantom' || name === 'sars-cov-2-ct') return ''
  const without = labels.filter(label => /^non(?!e$)[\s_-]?\S|^(no|not)[\s_-]\S/i.test(label))
  const healthy = labels.filter(label => /\b(normal|healthy|clear)\b/i.test(label) && !without.includes(label))
  const quoted = (names: string[]) => listed(names.map(name => `"${literally(name)}"`))
  return paragraphs(
    without.length ? `A name such as ${quoted(without)} says what is absent, not that somebody is healthy: other diseases may
      be there.` : '',
    healthy.length ? `A name such as ${quoted(healthy)} says what somebody saw in the image, not that the person was well:
      early disease may leave no trace.` : '',
  )
}

function drawnFiles({ modality }: Dataset): string {
  return modality === 'X-ray'
    ? `The phantom's pictures are all stored alike: no channel count tells its classes apart. Its two sites expose
      differently, so that brightness and noise tell the *site*; but each class comes from both sites.`
    : 'The phantom\'s pictures are all stored alike: no channel count tells its classes apart.'
}
