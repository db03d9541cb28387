/** Notebook 01: what its images are and how they came about. */
import { byModality, paragraphs, type Explanation } from './explanation'

export const exploreTheData = {
  'how to look at the images': data => paragraphs(byModality(data, {
    CT: `These are **CT slices**. You look at each person from the feet up: the left of the picture is the right of the
      body. The two dark areas are the lungs, full of air; the bright ring around them is ribs and breastbone; the bright
      block in the middle at the back is a vertebra; the grey mass between the lungs holds the heart and the great vessels
      (the *mediastinum*).`,
    'X-ray': `These are **X-ray images**: shadows of the whole chest. You look at each person from the front, face to face:
      the left of the picture is the right of the body. The two dark areas are the lungs, full of air; bones are bright,
      and the ribs cross the lungs; the bright mass in the middle holds spine, heart and great vessels, the heart's larger
      part on the right of the picture; the two domes below are the diaphragms.`,
    unknown: `The data set does not say what took its images, CT or X-rays, so this notebook does not say it either.
      (\`npm run data -- NAME --from FOLDER --modality X-ray\` keeps a set together with this word.)`,
  })),
} satisfies Record<string, Explanation>
