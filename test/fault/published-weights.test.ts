/** Published weights from a server on this machine: what arrives is the card's file, or nothing. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { sourceCards, type SourceCard } from '../../src/lib/weights/cards'
import { isOnDisk, loadPublished, obtainPublished, publishedPath } from '../../src/lib/weights/published'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const body = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 249))
const digits = (algorithm: string) => createHash(algorithm).update(body).digest('hex')
const watch = { wait: 1, stall: 10_000, tries: 2 }
let server: Server
let card: SourceCard
let answers: ((response: ServerResponse, from: number) => void)[]
let asked: number
let test = 0

beforeEach(async () => {
  vi.stubEnv('LAB_DATA_FOLDER', path(String(test++)))
  asked = 0
  server = createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    answers[Math.min(asked++, answers.length - 1)](response, from)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.h5`
  card = { ...sourceCards[0], url, bytes: body.length, hash: { algorithm: 'md5', digits: digits('md5') } }
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
  vi.unstubAllEnvs()
})

const send = (content: Buffer) => (response: ServerResponse, from: number) => {
  if (from > 0) response.setHeader('content-range', `bytes ${from}-${content.length - 1}/${content.length}`)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from }).end(content.subarray(from))
}
const whole = send(body)
const silence = () => {}
/** Announces everything, sends 20,000 bytes, then nothing more. */
const begun = (response: ServerResponse) => {
  response.writeHead(200, { 'content-length': body.length })
  response.write(body.subarray(0, 20_000))
}

/** What lies in the folder of downloads. */
const kept = () => {
  const folder = dirname(publishedPath(card))
  return existsSync(folder) ? readdirSync(folder) : []
}

describe('published weights', () => {
  it('are fetched once, and progress is told', async () => {
    answers = [whole]
    const seen: number[][] = []
    expect(isOnDisk(card)).toBe(false)
    const file = await obtainPublished(card, { ...watch, onProgress: (...numbers) => seen.push(numbers) })
    expect(readFileSync(file).equals(body)).toBe(true)
    expect(seen.at(-1)).toEqual([body.length, body.length])
    expect(isOnDisk(card)).toBe(true)
    expect(await obtainPublished(card, watch)).toBe(publishedPath(card))
    expect(asked).toBe(1)
    expect(kept()).toEqual(['imagenet.h5'])
  })

  it.each([
    ['broke off', () => server.closeAllConnections()], ['stalled', silence],
  ])('go on where a connection %s, within a call and in the next one', async (_, fault) => {
    const stalls = { ...watch, stall: 300, onProgress: (received: number) => { if (received === 20_000) fault() } }
    answers = [begun, whole]
    await obtainPublished(card, stalls)
    expect(asked).toBe(2)
    const other = { ...card, name: 'imagenet-top' } as const
    asked = 0
    answers = [begun, whole]
    await expect(obtainPublished(other, { ...stalls, tries: 1 })).rejects.toMatchObject({ code: 'download-failed' })
    const told: number[] = []
    const file = await obtainPublished(other, { ...watch, onProgress: received => told.push(received) })
    expect(readFileSync(file).equals(body)).toBe(true)
    expect(Math.min(...told)).toBeGreaterThan(20_000)
  })

  it('are checked by SHA-256 where that is published, size unknown', async () => {
    answers = [whole]
    const { bytes: _, ...rest } = card
    const file = await obtainPublished({ ...rest, bytes: null, hash: { algorithm: 'sha256', digits: digits('sha256') } }, watch)
    expect(readFileSync(file).equals(body)).toBe(true)
  })

  it.each([
    ['404', (response: ServerResponse) => void response.writeHead(404).end('no'), /download-failed.*404/],
    ['silence', silence, /download-failed.*no byte arrived/],
    ['other bytes', send(Buffer.from(body).fill(1, 7, 8)), /weights-mismatch.*MD5.*received MD5/s],
    ['fewer bytes', send(body.subarray(1)), /weights-mismatch.*received 49999 bytes/s],
    ['more bytes', send(Buffer.concat([body, Buffer.alloc(1)])), /too-large/],
    ['a page', send(Buffer.from('<!doctype html>')), /weights-mismatch/],
  ])('from a server that answers with %s are refused, and nothing is kept', async (_, answer, message) => {
    answers = [answer]
    const stall = answer === silence ? 100 : watch.stall
    await expect(obtainPublished(card, { ...watch, stall })).rejects.toThrow(message)
    expect(isOnDisk(card)).toBe(false)
    expect(kept()).toEqual([])
    answers = [whole]
    await obtainPublished(card, watch)
    expect(isOnDisk(card)).toBe(true)
  })

  it('may be copied from a file, but only from the same', async () => {
    writeFileSync(path('copy.h5'), body)
    writeFileSync(path('other.h5'), body.subarray(5))
    await expect(obtainPublished(card, { from: path('other.h5') })).rejects.toMatchObject({ code: 'weights-mismatch' })
    for (const from of [path('nowhere.h5'), path()])
      for (const bytes of [card.bytes, null])
        await expect(obtainPublished({ ...card, bytes }, { from })).rejects.toThrow(/data-missing|weights-mismatch/)
    expect(isOnDisk(card)).toBe(false)
    await obtainPublished(card, { from: path('copy.h5') })
    expect(kept()).toEqual(['imagenet.h5'])
    expect(asked).toBe(0)
  })

  it('that changed since are not loaded', async () => {
    answers = [whole]
    writeFileSync(await obtainPublished(card, watch), body.subarray(1))
    await expect(loadPublished(card, describeResNet50({ classes: 2 }), { top: false }))
      .rejects.toMatchObject({ code: 'weights-mismatch', received: '49999 bytes' })
    await expect(obtainPublished(card, watch)).rejects.toMatchObject({ code: 'weights-mismatch' })
  })

  it('that had all come before an interrupt are not fetched again', async () => {
    answers = [whole]
    mkdirSync(dirname(publishedPath(card)), { recursive: true })
    writeFileSync(`${publishedPath(card)}.partial`, body)
    await obtainPublished(card, watch)
    expect([asked, kept()]).toEqual([0, ['imagenet.h5']])
  })
})
