/** `npm run predict` prints what a saved model says; damaged and missing files are named and do not stop the others. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodePng } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import { parseCsv } from '../../src/lib/system/csv'
import { saveModel } from '../../src/lib/training/saved/save-model'
import { smallModel } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const program = ['--import', 'tsx', inProject('scripts', 'predict.ts')]

/** Runs scripts/predict.ts as its own process. */
function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(done => execFile(process.execPath, [...program, ...words], { cwd: inProject() },
    (error, out, err) => done({ code: Number(error?.code ?? 0), out, err })))
}

beforeAll(async () => {
  await saveModel(smallModel(), path('model'), { positive: 'dark', threshold: 0.5 })
  mkdirSync(path('images'))
  const image = (grey: number) =>
    encodePng({ width: 20, height: 30, channels: 1, data: new Uint8Array(600).fill(grey) })
  writeFileSync(path('images', 'one.png'), await image(10))
  writeFileSync(path('images', 'two.png'), await image(200))
  writeFileSync(path('damaged.png'), Buffer.from(await image(10)).subarray(0, 60))
})

describe('npm run predict', () => {
  it('prints a row for each image, and writes the table', async () => {
    const { code, out, err } = await run(path('model'), path('images'), '--csv', path('out.csv'))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/2 images\nfile +bright +dark +called +positive +threshold\n.*one\.png +\S+ % .*\n.*two\.png/)
    expect(out).toMatch(/Called dark from a probability of 0\.5 on\. Not a medical device\./)
    const [head, ...rows] = parseCsv(readFileSync(path('out.csv'), 'utf8'))
    expect(head).toEqual(['file', 'probability of bright', 'probability of dark', 'called', 'positive', 'threshold'])
    expect(rows.map(([file]) => file)).toEqual([path('images', 'one.png'), path('images', 'two.png')])
  })

  it('names damaged and missing files, predicts the others, and ends with status 1', async () => {
    const { code, out, err } = await run(path('model'), path('damaged.png'), path('images', 'one.png'), path('gone.png'))
    expect(code).toBe(1)
    expect(out).toMatch(/1 image\n[^]*one\.png/)
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^not read: .*damaged\.png: ./), expect.stringMatching(/^not read: .*gone\.png: nothing there$/),
    ])
  })

  it.each([
    ['no words', () => [], /^bad-argument: .*Usage: npm run predict/],
    ['no images', () => [path('model')], /^bad-argument: .*one file or more.*Usage/],
    ['no path behind --csv', () => [path('model'), path('images'), '--csv', ''], /^bad-argument: .*after --csv/],
    ['a model that is not there', () => [path('no-model'), path('images')], /^data-missing: .*no-model/],
    ['another file as the model', () => [inProject('package.json'), path('images')], /^bad-tensor-file: /],
    ['a class that the model does not have', () => [path('model'), path('images'), '--positive', 'drak'], /^bad-argument: .*Nearest: 'dark'/],
    ['nothing that can be read', () => [path('model'), path('damaged.png'), '--csv', path('none.csv')], /^bad-image: .*damaged\.png/],
  ])('%s is answered in a line, not with a stack trace', async (_, words, message) => {
    const { code, err } = await run(...words())
    expect(code).toBe(1)
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(path('none.csv'))).toBe(false)
  })
})
