/**
 * Each patient has one image, as in most X-ray sets: there are no neighbors to compare. 03 and 03b look at no patients;
 * 05, 07, 08 and 09 split, train and judge as 04 and 10 do, and run on three classes and on a folder without patients.
 */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const images = Array.from({ length: 40 }, (_, i) => ({
  path: `${i % 2 ? 'normal' : 'pneumonia'}/person${i}.jpeg`, patient: `person ${i}`,
}))

testNotebooksOn(folder => writeFolder(folder, images), {
  never: [/SARS-CoV-2/, sliceWord], only: /^(01|02|04|06|10)/,
})
