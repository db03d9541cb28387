/**
 * A folder with one subfolder a class, where nothing says which images show one patient. 03 and 03b look at no groups;
 * 04 and 08 split, train and judge as 05 and 10 do, and run on three classes.
 */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const images = Array.from({ length: 48 }, (_, i) => ({ path: `${i % 2 ? 'normal' : 'pneumonia'}/image-${i}.png` }))

testNotebooksOn(folder => writeFolder(folder, images), {
  never: [/SARS-CoV-2/, sliceWord], only: /^(01|02|05|06|07|09|10)/,
})
