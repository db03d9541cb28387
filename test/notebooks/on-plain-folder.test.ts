/** Every notebook on a folder with one subfolder a class, where nothing says which images show one patient. */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const images = Array.from({ length: 48 }, (_, i) => ({ path: `${i % 2 ? 'normal' : 'pneumonia'}/image-${i}.png` }))

testNotebooksOn(folder => writeFolder(folder, images), { never: [/SARS-CoV-2/, sliceWord] })
