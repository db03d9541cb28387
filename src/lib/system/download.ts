/** Downloading: the library's only access to the network. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from './errors'
import { appendToFile, makeFolder, remove } from './files'
import { LockBusy, withLock } from './lock.mjs'
import { replace } from './replace'

/** How a download is bounded and watched. */
export interface DownloadOptions {
  /** Bytes at most; more ends the download. */
  limit: number
  /** Milliseconds without a byte after which a try is given up. Default 30,000. */
  stall?: number
  /** Tries in all, each going on where the last one broke off. Default 4. */
  tries?: number
  /** Milliseconds before the second try, doubled each time. Default 1,000. */
  wait?: number
  /** Ends the download when it fires; what has arrived stays for a later call. */
  signal?: AbortSignal
  /** Ends with an error for a file that is not the wanted one; such a file is not kept. Default: any file will do. */
  check?(path: string): Promise<void>
  /** Called as bytes arrive; `total` is null where the server does not say. */
  onProgress?(received: number, total: number | null): void
}

/** A fault that may pass: a broken connection, a stall, a server in trouble. */
class Passing extends Error {}

/**
 * Fetches a file. What arrives lies in `path` + '.partial' until it is complete; a later try, or a later
 * call, goes on from there. Without `check` the caller checks the content: a server may have changed it in between.
 * @throws download-failed with what the server said, or where another call fetches the same; too-large; whatever
 *   `check` throws
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const partial = `${path}.partial`
  await makeFolder(dirname(path))
  const fetchAndCheck = async () => {
    if (!await isWhole(partial, options)) {
      await fetchAll(url, partial, options)
      await checkArrived(partial, options)
    }
    await replace(partial, path)
  }
  await withLock(`${partial}.lock`, fetchAndCheck, { onBusy: 'refuse' })
    .catch((error: unknown) => { throw error instanceof LockBusy ? inUse(url, error.process) : error })
}

async function checkArrived(partial: string, { check }: DownloadOptions): Promise<void> {
  try {
    await check?.(partial)
  } catch (error) {
    await remove(partial)
    throw error
  }
}

/** Whether an earlier call was interrupted between its last byte and its end. */
async function isWhole(partial: string, { check }: DownloadOptions): Promise<boolean> {
  return !!check && existsSync(partial) && check(partial).then(() => true, () => false)
}

/** Fetches, in as many tries as there may be. Returns when the partial file is complete. */
async function fetchAll(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const { tries = 4, wait = 1000, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchRest(url, partial, options)
    } catch (error) {
      if (!(error instanceof Passing)) throw error
      if (signal?.aborted) throw failed(url, 'an interrupt')
      if (attempt >= tries) throw failed(url, `${error.message}, after ${tries} tries`)
      // An interrupt ends the wait; the next try then ends at once.
      await pause(wait * 2 ** (attempt - 1), null, { signal }).catch(() => {})
    }
  }
}

/** Fetches what the partial file lacks. Returns when it is complete. */
async function fetchRest(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const { limit, stall = 30_000, signal, onProgress } = options
  const have = await stat(partial).then(found => found.size, () => 0)
  const abort = new AbortController()
  const give = () => abort.abort(new Passing(`nothing came for ${stall / 1000} s`))
  const ended = signal ? AbortSignal.any([abort.signal, signal]) : abort.signal
  let timer = setTimeout(give, stall)
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(give, stall)
  }
  try {
    const response = await passing(() => fetch(url, { headers: wanted(have), signal: ended }))
    const resumed = await checkStatus(url, response, have, partial)
    const length = response.headers.get('content-length')
    const total = length === null ? null : Number(length) + (resumed ? have : 0)
    if (total !== null && total > limit) throw tooLarge(url, total, limit)
    const size = await appendToFile(
      partial, chunksOf(response, alive), limit, received => onProgress?.(received, total))
    if (total !== null && size < total) throw new Passing(`${size} of ${total} bytes came`)
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

function wanted(have: number): Record<string, string> {
  // Packed transfer would make the announced length useless.
  return { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) }
}

/** Whether the answer goes on from what is there; if it starts afresh, what is there is removed. */
async function checkStatus(url: string, response: Response, have: number, partial: string): Promise<boolean> {
  const { status, headers } = response
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw failed(url, `a redirection to ${response.url}, which is not encrypted`)
  if (status === 206 && headers.get('content-range')?.startsWith(`bytes ${have}-`)) return true
  // What is there is as good as before.
  if (status === 429 || status >= 500) throw new Passing(`the server answered ${status}`)
  await remove(partial)
  if (status === 200) return false
  if (status === 206 || status === 416) throw new Passing('the server could not go on from what was there')
  throw failed(url, `the server’s answer ${status}`)
}

async function* chunksOf(response: Response, alive: () => void): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  for (let done = !reader; !done;) {
    const chunk = await passing(() => reader!.read())
    alive()
    if (chunk.value) yield chunk.value
    done = chunk.done
  }
}

/** Names the cause of a network fault: fetch itself says only 'fetch failed'. */
async function passing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Passing) throw error
    const cause = error instanceof Error ? error.cause ?? error : error
    throw new Passing(cause instanceof Error ? cause.message : String(cause))
  }
}

function failed(url: string, received: string): LabError {
  return new LabError('download-failed', {
    expected: `to download ${url}`, received,
    remedy: 'Check the address and the network, then run it again: it resumes',
  })
}

function inUse(url: string, process: number): LabError {
  return new LabError('download-failed', {
    expected: `nobody else to download ${url}`, received: `process ${process}, which does`,
    remedy: 'Wait until it is done, then run this again',
  })
}

function tooLarge(url: string, size: number, limit: number): LabError {
  return new LabError('too-large', {
    expected: `${url} to be of at most ${limit} bytes`, received: `${size} bytes`, remedy: 'Check the address',
  })
}
