import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { download } from '../../src/lib/system/download'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server on this machine that gives these answers in turn, the last one for ever. */
async function serve(...answers: Answer[]): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = []
  server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)]
    ranges.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>(done => server!.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/set.zip`, ranges }
}

const whole: Answer = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from > 0) response.setHeader('content-range', `bytes ${from}-${body.length - 1}/${body.length}`)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length - from })
  response.end(body.subarray(from))
}

/** Announces everything, sends 40,000 bytes, then nothing more. */
const begun: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': body.length })
  response.write(body.subarray(0, 40_000))
}

/** Breaks the connection once that has come: what is under way when a connection breaks may be lost. */
const breakOff = (received: number) => { if (received === 40_000) server!.closeAllConnections() }

/** Passes nothing but the whole file. */
const check = async (file: string) => { if (!readFileSync(file).equals(body)) throw new Error('another file') }

const status = (code: number): Answer => (_, response) => void response.writeHead(code).end('no')
const options = { limit: 1_000_000, wait: 1, stall: 5_000 }

describe('a download', () => {
  it('writes the file, reports progress, and leaves no partial file', async () => {
    const { url } = await serve(whole)
    const seen: [number, number | null][] = []
    await download(url, path('whole'), { ...options, onProgress: (received, total) => seen.push([received, total]) })
    expect(readFileSync(path('whole')).equals(body)).toBe(true)
    expect(seen.at(-1)).toEqual([body.length, body.length])
    expect(existsSync(path('whole.partial'))).toBe(false)
  })

  it('follows a redirection', async () => {
    const { url } = await serve((_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), whole)
    await download(url, path('redirected'), options)
    expect(readFileSync(path('redirected')).equals(body)).toBe(true)
  })

  it('continues where a broken connection ended', async () => {
    const { url, ranges } = await serve(begun, whole)
    await download(url, path('resumed'), { ...options, onProgress: breakOff })
    expect(readFileSync(path('resumed')).equals(body)).toBe(true)
    expect(ranges).toEqual([undefined, 'bytes=40000-'])
  })

  it('continues where an earlier call ended', async () => {
    const { url, ranges } = await serve(whole)
    writeFileSync(path('later.partial'), body.subarray(0, 99_999))
    await download(url, path('later'), options)
    expect(readFileSync(path('later')).equals(body)).toBe(true)
    expect(ranges).toEqual(['bytes=99999-'])
  })

  it('requests nothing if the partial file is complete, and requests the rest if it is not', async () => {
    const { url, ranges } = await serve(whole)
    writeFileSync(path('arrived.partial'), body)
    await download(url, path('arrived'), { ...options, check })
    expect(readFileSync(path('arrived')).equals(body)).toBe(true)
    expect(ranges).toEqual([])
    writeFileSync(path('arrived.partial'), body.subarray(0, 10))
    await download(url, path('arrived'), { ...options, check })
    expect(ranges).toEqual(['bytes=10-'])
  })

  it('ignores the lock of a process that has ended, and an empty lock file', async () => {
    const { url } = await serve(whole)
    // Process numbers on Linux stay below 4,194,304.
    for (const [name, owner] of [['gone', '99999999 1 0'], ['cut', '']]) {
      writeFileSync(path(`${name}.partial.lock`), owner)
      await download(url, path(name), options)
      expect(readFileSync(path(name)).equals(body)).toBe(true)
      expect(existsSync(path(`${name}.partial.lock`))).toBe(false)
    }
  })

  it('starts again if the server cannot continue a file', async () => {
    const afresh: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': body.length })
      response.end(body)
    }
    for (const [name, answers] of Object.entries({ ignores: [afresh], refuses: [status(416), afresh] })) {
      const { url } = await serve(...answers)
      writeFileSync(path(`${name}.partial`), 'an older version')
      await download(url, path(name), options)
      expect(readFileSync(path(name)).equals(body)).toBe(true)
    }
  })

  it('tries again after a stall, and after an answer of 503', async () => {
    const { url, ranges } = await serve(() => {}, status(503), whole)
    await download(url, path('patient'), { ...options, stall: 1000 })
    expect(readFileSync(path('patient')).equals(body)).toBe(true)
    expect(ranges.length).toBe(3)
  })
})

describe('a download fails', () => {
  it('at once at 404, and the error says so', async () => {
    const { url, ranges } = await serve(status(404))
    await expect(download(url, path('none'), options)).rejects.toThrow('404')
    expect(ranges.length).toBe(1)
    expect(existsSync(path('none'))).toBe(false)
  })

  it('when it is interrupted, at any point; the next call continues with the bytes that arrived', async () => {
    let cancel: AbortController
    const inTrouble: Answer = (request, response) => {
      status(503)(request, response)
      setTimeout(() => cancel.abort(), 100)
    }
    const { url, ranges } = await serve(begun, inTrouble, whole)
    const onProgress = (received: number) => { if (received === 40_000) cancel.abort() }
    for (const wait of [1, 60_000]) {
      cancel = new AbortController()
      await expect(download(url, path('interrupted'), { ...options, wait, signal: cancel.signal, onProgress }))
        .rejects.toMatchObject({ code: 'download-failed', received: 'an interrupt' })
      expect(readFileSync(path('interrupted.partial'))).toHaveLength(40_000)
    }
    await download(url, path('interrupted'), options)
    expect(readFileSync(path('interrupted')).equals(body)).toBe(true)
    expect(ranges).toEqual([undefined, 'bytes=40000-', 'bytes=40000-'])
  })

  it('while another call fetches the same file, which is not disturbed', async () => {
    const { url, ranges } = await serve(begun, whole)
    let second: Promise<void> | undefined
    const onProgress = (received: number) => {
      second ??= download(url, path('once'), options)
      second.catch(() => breakOff(received))
    }
    await download(url, path('once'), { ...options, onProgress })
    await expect(second).rejects.toMatchObject({ code: 'download-failed', received: `process ${process.pid}, which does` })
    expect(readFileSync(path('once')).equals(body)).toBe(true)
    expect(ranges).toEqual([undefined, 'bytes=40000-'])
    await download(url, path('once'), options)
  })

  it('if the file is not the expected one, which is then removed', async () => {
    const { url } = await serve((_, response) => void response.end('a page'))
    await expect(download(url, path('page'), { ...options, check })).rejects.toThrow('another file')
    expect(['page', 'page.partial'].map(name => existsSync(path(name)))).toEqual([false, false])
  })

  it('if a redirection would end the encryption', async () => {
    const answer = Object.defineProperty(new Response(body), 'url', { value: 'http://elsewhere.test/set.zip' })
    vi.stubGlobal('fetch', async () => answer)
    await expect(download('https://here.test/set.zip', path('open'), options)).rejects
      .toThrow(/download-failed.*http:\/\/elsewhere\.test\/set\.zip, which is not encrypted/)
    vi.unstubAllGlobals()
    expect(existsSync(path('open.partial'))).toBe(false)
  })

  it('after all attempts if no byte ever arrives', async () => {
    const { url, ranges } = await serve(() => {})
    await expect(download(url, path('stalled'), { ...options, stall: 50, tries: 2 })).rejects.toThrow('no byte arrived')
    expect(ranges.length).toBe(2)
  })

  it('after all attempts if the connection always breaks; the bytes that arrived are kept', async () => {
    const { url } = await serve(begun)
    await expect(download(url, path('broken'), { ...options, tries: 1, onProgress: breakOff }))
      .rejects.toMatchObject({ code: 'download-failed' })
    expect(existsSync(path('broken'))).toBe(false)
    expect(readFileSync(path('broken.partial')).length).toBe(40_000)
  })

  it('if no server listens', async () => {
    const { url } = await serve(whole)
    await new Promise(done => server!.close(done))
    await expect(download(url, path('refused'), { ...options, tries: 1 })).rejects.toThrow('ECONNREFUSED')
  })

  it('at one byte more than the limit, announced or not', async () => {
    const unannounced: Answer = (_, response) => void response.end(body)
    for (const answer of [whole, unannounced]) {
      const { url } = await serve(answer)
      await download(url, path('fits'), { ...options, limit: body.length })
      await expect(download(url, path('large'), { ...options, limit: body.length - 1 }))
        .rejects.toMatchObject({ code: 'too-large' })
      expect(existsSync(path('large'))).toBe(false)
    }
  })
})
