/** Every notebook on three classes with patients, under long and odd names. */
import { testNotebooksOn } from './any-data'
import { sliceWord, writeFolder } from './image-folders'

const classes = ['COVID-19 <“typisch”> & Ähnliches, mit einem wirklich sehr langen Namen', '正常', 'Lungenentzündung, bakteriell']
const long = 'a-file-name-that-somebody-exported-from-an-archive-without-ever-thinking-about-those-who-read-it-'

const images = Array.from({ length: 54 }, (_, i) => {
  const patient = Math.floor(i / 2)
  return { path: `${classes[patient % 3]}/${long}${i % 2 ? 'größe #' : 'тест '}${i}.PNG`, patient: `пациент ${patient}` }
})

testNotebooksOn(folder => writeFolder(folder, images), { never: [/SARS-CoV-2/, sliceWord] })
