/** Every notebook on the X-ray phantom: no word about CT over X-rays. */
import { testNotebooksOn } from './any-data'

testNotebooksOn(async () => 'phantom-xray', { never: [/SARS-CoV-2/, /\bslices?\b/i] })
