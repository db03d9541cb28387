import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { madeUpImages, writeManifest } from '../fixtures/ct-archive'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'

const path = temporaryFolder()
let archive: Buffer
const asked: (string | undefined)[] = []
const server = createServer((request, response) => {
  asked.push(request.url)
  if (request.url?.startsWith('/api/')) response.writeHead(302, { location: '/archive.zip' }).end()
  else response.writeHead(200, { 'content-length': archive.length }).end(archive)
})

beforeAll(async () => {
  const images = await madeUpImages(3)
  await writeManifest(path(), images)
  archive = makeZip(images)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
})
afterAll(() => void server.close())

/** Runs scripts/data.ts as its own process. */
function data(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const kaggle = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = { ...process.env, LAB_DATA_FOLDER: path(), LAB_KAGGLE: kaggle }
  return new Promise(done => execFile(
    process.execPath, ['--import', 'tsx', inProject('scripts', 'data.ts'), ...words], { env, cwd: inProject() },
    (error, out, err) => done({ code: Number(error?.code ?? 0), out, err }),
  ))
}

describe('npm run data', () => {
  it('downloads, checks and lists a set', async () => {
    expect((await data('--list')).out).toContain('missing  sars-cov-2-ct')
    const { code, out, err } = await data('sars-cov-2-ct')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('sars-cov-2-ct: 6 images')
    expect(asked).toEqual(['/api/v1/datasets/download/plameneduardo/sarscov2-ctscan-dataset', '/archive.zip'])
    expect(readdirSync(path('downloads'))).toEqual([])
    expect((await data('--list')).out).toContain('ready    sars-cov-2-ct')
  })

  it('reports a bad archive without a stack trace, and keeps the set', async () => {
    writeFileSync(path('bad.zip'), archive.subarray(0, 500))
    const { code, err } = await data('sars-cov-2-ct', '--from', path('bad.zip'))
    expect(code).toBe(1)
    expect(err).toContain('bad-archive')
    expect(err).not.toContain('    at ')
    expect((await data('--list')).out).toContain('ready    sars-cov-2-ct')
  })

  it('keeps a set of one’s own by name, and says what it holds', async () => {
    writeFileSync(path('mine.zip'), archive)
    const { code, out, err } = await data('mine', '--from', path('mine.zip'), '--positive', 'COVID', '--group', '(\\d+)')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('mine: kept\nlayout class/image: 6 images of 2 classes\n  COVID: 3 images\n  non-COVID: 3 images\n')
    expect(out).toContain('positive class: COVID\npatients: 3, with 2 images each; every image has one\nmodality: not known (--modality CT or X-ray)\n')
    expect(out).toContain('3 patients in more than one class')
    expect((await data('--list')).out).toContain('ready    mine            mine (6 images, your own)')
    expect((await data('mine')).out).toContain('mine: 6 images, your own')
  })

  it('refuses a set of one’s own in words, without a stack trace', async () => {
    const refused = async (...words: string[]) => {
      const { code, err } = await data(...words)
      expect(code).toBe(1)
      expect(err).not.toContain('    at ')
      return err
    }
    expect(await refused('sars-cov2-ct', '--from', path('mine.zip'))).toContain('Nearest: sars-cov-2-ct')
    expect(await refused('Mine', '--from', path('mine.zip'))).toContain('Try mine.')
    expect(await refused('other', '--from', path('nowhere'))).toContain('data-missing')
    expect(await refused('phantom', '--from', path('nowhere'))).toContain('no --from with phantom')
    expect(await refused('sars-cov-2-ct', '--from', path('mine.zip'), '--skip-damaged')).toContain('known by its checksum')
    expect(await refused('mine', '--positive', 'COVID')).toContain('--from with a set of your own')
  })

  it('shows the usage after a wrong call', async () => {
    expect((await data('sars-cov-2')).err).toContain('Nearest: sars-cov-2-ct')
    expect((await data()).err).toContain('Usage: npm run data -- NAME')
    expect((await data('--form', 'x')).err).toContain('Usage: npm run data -- NAME')
  })
})
