import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const program = ['--import', 'tsx', inProject('scripts', 'weights.ts')]
const env = { ...process.env, LAB_DATA_FOLDER: path('data') }

/** Runs scripts/weights.ts as its own process. */
function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(done => execFile(process.execPath, [...program, ...words], { cwd: inProject(), env },
    (error, out, err) => done({ code: Number(error?.code ?? 0), out, err })))
}

describe('npm run weights', () => {
  it('lists every source with its size, licence and hash', async () => {
    const { code, out } = await run('--list')
    expect(code).toBe(0)
    expect(out).toMatch(/elsewhere {2}imagenet: .*\n.*94\.8 MB, v1, caffe from 0 … 255; MIT.*\n.*notop\.h5 \(MD5 4d473c1d/)
    expect(out).toMatch(/imagenet-torchvision: .*\n.*v1\.5, torch from 0 … 255; BSD-3-Clause/)
  })

  it.each([
    ['no name', [], /^bad-argument: .*Usage: npm run weights/],
    ['two names', ['imagenet', 'imagenet-top'], /^bad-argument: .*Usage: npm run weights/],
    ['an unknown option', ['imagenet', '--form', 'x'], /^bad-argument: .*Usage: npm run weights/],
    ['an unknown name', ['imagnet'], /^unknown-weights: .*Nearest: imagenet\./],
    ['no path to copy from', ['imagenet', '--from', ''], /^bad-argument: .*after --from.*Usage: npm run weights/],
    ['a file that is not there', ['imagenet', '--from', path('gone.h5')], /^data-missing: /],
    ['a folder', ['imagenet-microsoft', '--from', inProject('src')], /^(data-missing|weights-mismatch): /],
    ['another file', ['imagenet', '--from', inProject('package.json')], /^weights-mismatch: .*94765736 bytes/],
  ])('%s is answered in a line, not with a stack trace', async (_, words, message) => {
    const { code, err } = await run(...words)
    expect(code).toBe(1)
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(path('data'))).toBe(false)
  })

  it('a damaged file is reported as damaged', async () => {
    const folder = path('data', 'weights', 'downloaded')
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/imagenet.h5`, 'half')
    const { code, out, err } = await run('imagenet')
    rmSync(path('data'), { recursive: true })
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^weights-mismatch: .*received 4 bytes.*get it again/)
  })
})
