/** `npm run predict`: what a saved model says about images. */
import { imageTable, writePredictions } from '../src/lib/display/prediction-tables'
import { toText } from '../src/lib/display/tables'
import { predictImage } from '../src/lib/inference/predict-image'
import { openModel } from '../src/lib/weights/saved/open-model'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'
import { stages } from './command/progress.mjs'
import { userPath } from './command/user-path.mjs'

const description: CommandDescription<'csv' | 'positive' | 'threshold', never> = {
  usage: 'npm run predict -- MODEL FILES… [--csv FILE] [--positive CLASS] [--threshold 0.5]',
  does: 'Prints the probability of each class for images, and the class that each is called. MODEL is a folder that\n'
    + 'saveModel wrote, or an export. FILES are images, folders of images, or zips. Files that cannot be read are listed,\n'
    + 'and do not stop the others; the exit status is then 1. The model is not a medical device.',
  values: {
    csv: 'the file to write the table to',
    positive: 'the class that the test looks for; default: as saved with the model',
    threshold: 'the probability from which an image is called positive; default: as saved with the model',
  },
  words: [0, Infinity],
}

async function main(args: string[], signal: AbortSignal): Promise<number> {
  const options = readOptions(args, description)
  const [modelPath, ...files] = options.words
  if (files.length === 0) options.refuse('MODEL and one file or more', options.words.join(' ') || 'nothing')
  const csv = options.text('csv')
  if (csv === '') options.refuse('a path after --csv', 'nothing')
  const model = await openModel(userPath(modelPath))
  const show = stages()
  const predicted = await predictImage(model, files.map(userPath), {
    positive: options.text('positive'), threshold: options.decimal('threshold', undefined), signal,
    onProgress: (done, count) => { if (count > 1) show('predicting', done, count) },
  })
  console.log(toText(imageTable({ ...predicted, failed: [] }), Infinity))
  for (const { file, reason } of predicted.failed) console.error(`not read: ${file}: ${reason}`)
  if (csv !== undefined) {
    await writePredictions(predicted, userPath(csv))
    console.log(`written: ${csv}`)
  }
  return predicted.failed.length ? 1 : 0
}

void runCommand(main)
