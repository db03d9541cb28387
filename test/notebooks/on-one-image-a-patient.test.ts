/** Every notebook where each patient has one image, as in most X-ray sets: there are no neighbors to compare. */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const images = Array.from({ length: 40 }, (_, i) => ({
  path: `${i % 2 ? 'normal' : 'pneumonia'}/person${i}.jpeg`, patient: `person ${i}`,
}))

testNotebooksOn(folder => writeFolder(folder, images), { never: [/SARS-CoV-2/, sliceWord] })
