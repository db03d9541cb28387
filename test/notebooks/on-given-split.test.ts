/** Notebooks on a set whose makers split it: those that treat a given split in their own way. */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const parts = ['train', 'train', 'train', 'val', 'test']

const images = Array.from({ length: 60 }, (_, i) => ({
  path: `${parts[Math.floor(i / 2) % parts.length]}/${i % 2 ? 'NORMAL' : 'PNEUMONIA'}/IM-${String(i).padStart(4, '0')}.jpeg`,
}))

testNotebooksOn(folder => writeFolder(folder, images), {
  never: [/SARS-CoV-2/, sliceWord], only: /^(01|02|06|10)/,
})
