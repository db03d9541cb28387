/**
 * npm run export -- WEIGHTS FORMAT [--to PATH] [--precision float16] [--size 64]
 *
 * The project's own weights for other programs: ResNet50's stages, without a head. WEIGHTS is a name in data/weights,
 * or the path of a NAME.tensors that `npm run pretrain` left; FORMAT keras, keras-weights, safetensors or tfjs.
 * A trained model is written where it was trained: `await exportModel(trained.model, …)` in a notebook.
 */
import { basename, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { widths, type Width } from '../src/lib/model/architecture'
import { LabError } from '../src/lib/system/errors'
import { inProject, projectRoot } from '../src/lib/system/project-root'
import { resnet50 } from '../src/lib/weights/resnet50'
import { exportModel, type ExportFormat, type ExportOptions } from '../src/lib/weights/export/export'
import { listOwnWeights, readProjectWeights } from '../src/lib/weights/project-weights'

const usage = 'npm run export -- WEIGHTS FORMAT [--to PATH] [--precision float16] [--size 64]'
const endings: Record<ExportFormat, string> = {
  'keras': '.h5', 'keras-weights': '-weights.h5', 'safetensors': '.safetensors', 'tfjs': '-tfjs',
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const [weights, format] = positionals as [string, ExportFormat]
  if (positionals.length !== 2) throw misused('WEIGHTS and FORMAT', positionals.join(' ') || 'nothing')
  const weightsFile = weights.endsWith('.tensors') ? resolve(weights) : ownFile(weights)
  const name = basename(weightsFile, '.tensors')
  const model = await resnet50({
    classes: ['none', 'yet'], weights: 'own', weightsFile, width: await widthOf(weightsFile), size: Number(values.size),
  })
  const path = resolve(values.to ?? inProject('results', 'exported', `${name}${endings[format]}`))
  await exportModel(model, path, { format, precision: values.precision as ExportOptions['precision'], head: false })
  console.log(`${name}, ${model.size} × ${model.size} pixels, ${model.preprocessing}: ${relative(projectRoot, path)}`)
}

function ownFile(name: string): string {
  if (listOwnWeights().includes(name)) return inProject('data', 'weights', `${name}.tensors`)
  throw new LabError('unknown-weights', {
    expected: `one of ${listOwnWeights().join(', ')}, or a file`, received: name, remedy: 'Choose one of these',
  })
}

/** Told by the first convolution, 7 × 7 × 3 × filters. */
async function widthOf(weightsFile: string): Promise<Width> {
  const { weights } = await readProjectWeights(weightsFile)
  const filters = weights.get('conv1_conv/kernel')?.shape.at(-1) ?? 0
  const width = (Object.keys(widths) as Width[]).find(name => 64 * widths[name] === filters)
  if (width) return width
  throw new LabError('weights-mismatch', {
    expected: 'weights of a ResNet50', received: `${weightsFile} with ${filters} first filters`, remedy: 'Choose another file',
  })
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: {
      to: { type: 'string' }, precision: { type: 'string' }, size: { type: 'string', default: '64' },
    } })
  } catch (error) {
    throw misused('known options', (error as Error).message)
  }
}

function misused(expected: string, received: string): LabError {
  return new LabError('bad-argument', { expected, received, remedy: `Usage: ${usage}` })
}

main().catch((fault: unknown) => {
  console.error(fault instanceof LabError ? fault.message : fault)
  process.exitCode = 1
})
