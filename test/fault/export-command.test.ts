import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { inProject } from '../../src/lib/system/project-root'
import { saveProjectWeights } from '../../src/lib/weights/project-weights'
import { hashedNetwork } from '../fixtures/hashed-network'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

beforeAll(async () => {
  const { architecture, weights } = hashedNetwork({ size: 32, width: 'quarter' })
  const tensors = new Map(parameters(architecture)
    .map(({ name, shape }) => [name, { shape, values: weights.get(name)! }]))
  await saveProjectWeights({
    name: 'hashed', description: 'Made up.', recipe: { preprocessing: 'centered' }, result: {}, seconds: 0,
    machine: 'none', licence: 'none',
  }, tensors, path())
})

/** Runs scripts/export.ts as its own process. */
function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(done => execFile(
    process.execPath, ['--import', 'tsx', inProject('scripts', 'export.ts'), ...words], { cwd: inProject() },
    (error, out, err) => done({ code: Number(error?.code ?? 0), out, err }),
  ))
}

describe('npm run export', () => {
  // A limit to the size of files stands in for a disk that is full.
  it.each(['keras', 'safetensors', 'tfjs'])('as %s onto a full disk leaves nothing, and says so in a line', async format => {
    const to = path(`full ${format}`, format === 'safetensors' ? 'x.safetensors' : 'x.h5')
    const command = ['-c', 'ulimit -f 2000; exec "$0" --import tsx scripts/export.ts "$@"', process.execPath]
    const words = [...command, path('hashed.tensors'), format, '--to', to]
    const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8', cwd: inProject() })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^write-failed: [^\n]*\n$/)
    expect(readdirSync(path(`full ${format}`))).toEqual([])
  })

  it('writes weights of any width for another program, without a head', async () => {
    const to = path('for the browser')
    const { code, out } = await run(path('hashed.tensors'), 'tfjs', '--to', to, '--size', '48', '--precision', 'float16')
    expect([code, out]).toEqual([0, expect.stringContaining('hashed, 48 × 48 pixels, centered')])
    const { modelTopology: { model_config: { config } } } = JSON.parse(readFileSync(`${to}/model.json`, 'utf8'))
    expect(config.layers[0].config.batch_input_shape).toEqual([null, 48, 48, 3])
    expect(config.output_layers).toEqual([['conv5_block3_out', 0, 0]])
  })

  it.each([
    ['an unknown option', ['hashed', 'tfjs', '--half'], 'bad-argument'],
    ['unknown weights', ['hashed', 'tfjs'], 'unknown-weights'],
    ['a file that is not there', [path('gone.tensors'), 'tfjs'], 'data-missing'],
  ])('%s is answered in a line, not with a stack trace', async (_, words, errorCode) => {
    const { code, err } = await run(...words)
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`^${errorCode}: [^\\n]*\\n$`))
  })
})
