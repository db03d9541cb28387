/** `npm run export`: writes the project's weights for other programs. */
import { basename, relative, resolve } from 'node:path'
import { widths, type Width } from '../src/lib/model/architecture'
import { LabError } from '../src/lib/system/errors'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { resnet50 } from '../src/lib/weights/resnet50'
import { exportModel, type ExportFormat, type ExportOptions } from '../src/lib/weights/export/export'
import { listProjectWeights, readProjectWeights } from '../src/lib/weights/project-weights'
import { runCommand } from './command/main.mjs'
import { readOptions, type CommandDescription } from './command/options.mjs'

const endings: Record<ExportFormat, string> = {
  'keras': '.h5', 'keras-weights': '-weights.h5', 'safetensors': '.safetensors', 'tfjs': '-tfjs',
}

const description: CommandDescription<'to' | 'precision' | 'size', never> = {
  usage: 'npm run export -- WEIGHTS FORMAT [--to PATH] [--precision float16] [--size 64]',
  does: 'Writes ResNet50’s stages with the project’s weights, without a head. WEIGHTS is a name in data/weights, or the\n'
    + `path of a file that npm run pretrain has left. FORMAT is ${Object.keys(endings).join(', ')}.\n`
    + 'In a notebook, weights.exportModel writes a trained model.',
  values: {
    to: 'the file to write, or for tfjs the folder; default in results/exported',
    precision: 'float32 (the default) or float16',
    size: 'the images’ height and width in pixels; default 64',
  },
  words: [0, 2],
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args, description)
  const [weights, format] = options.words as [string, ExportFormat]
  if (options.words.length !== 2) options.refuse('WEIGHTS and FORMAT', options.words.join(' ') || 'nothing')
  const weightsFile = weights.endsWith('.tensors') ? resolve(weights) : ownFile(weights)
  const name = basename(weightsFile, '.tensors')
  const model = await resnet50({
    classes: ['none', 'yet'], weights: 'own', weightsFile, width: await widthOf(weightsFile), size: options.whole('size', 64),
  })
  const path = resolve(options.text('to') ?? inProject('results', 'exported', `${name}${endings[format]}`))
  await exportModel(model, path, { format, precision: options.text('precision') as ExportOptions['precision'], head: false })
  console.log(`${name}, ${model.size} × ${model.size} pixels, ${model.preprocessing}: ${relative(projectRoot, path)}`)
}

function ownFile(name: string): string {
  if (listProjectWeights().includes(name)) return inProject('data', 'weights', `${name}.tensors`)
  throw new LabError('unknown-weights', {
    expected: `one of ${listProjectWeights().join(', ')}, or a file`, received: name, remedy: 'Choose one of these',
  })
}

/** The width shows in the first convolution's kernel, 7 × 7 × 3 × filters. */
async function widthOf(weightsFile: string): Promise<Width> {
  const { weights } = await readProjectWeights(weightsFile)
  const filters = weights.get('conv1_conv/kernel')?.shape.at(-1) ?? 0
  const width = (Object.keys(widths) as Width[]).find(name => 64 * widths[name] === filters)
  if (width) return width
  throw new LabError('weights-mismatch', {
    expected: 'weights of a ResNet50', received: `${weightsFile} with ${filters} first filters`, remedy: 'Choose another file',
  })
}

void runCommand(main)
