/** Downloading: the library's only access to the network. */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from './errors'
import { appendToFile, makeFolder, remove } from './files'
import { isThere } from './is-there'
import { LockBusy } from './lock.mjs'
import { locked } from './locked'
import { replace } from './replace'
import { inRoom } from './room'

/** A download's limits, and how the caller follows it. */
export interface DownloadOptions {
  /** The largest file in bytes; a larger one ends the download. */
  limit: number
  /** Milliseconds without a byte after which an attempt ends. Default 30,000. */
  stall?: number
  /** Attempts in all; each continues where the last one ended. Default 4. */
  tries?: number
  /** Milliseconds before the second attempt, doubled before each further one. Default 1,000. */
  wait?: number
  /** Ends the download when it fires; a later call continues with the bytes that arrived. */
  signal?: AbortSignal
  /** Throws for a file that is not the expected one; such a file is removed. Default: every file is accepted. */
  check?(path: string): Promise<void>
  /** Called as bytes arrive; `total` is null where the server does not say. */
  onProgress?(received: number, total: number | null): void
}

/** An error that the next attempt may not meet: a broken connection, a stall, a server in trouble. */
class TransientError extends Error {}

/**
 * Fetches a file. Bytes go to `path` + '.partial' until the file is complete; a later attempt, or a later call,
 * continues there. Without `check` the caller must check the content: the server may have changed it in between.
 * @throws LabError 'download-failed' with the server's answer, or where another call fetches the same file;
 *   'too-large'; any error of `check`
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
  const { signal } = options
  await locked(`${partial}.lock`, fetchAndCheck, { onBusy: 'refuse', signal }).catch((error: unknown) => {
    if (signal?.aborted && error === signal.reason) throw failed(url, 'an interrupt')
    throw error instanceof LockBusy ? inUse(url, error.process) : error
  })
}

async function checkArrived(partial: string, { check }: DownloadOptions): Promise<void> {
  try {
    await check?.(partial)
  } catch (error) {
    await remove(partial)
    throw error
  }
}

/** Whether the partial file is complete: an earlier call was interrupted after the last byte. */
async function isWhole(partial: string, { check }: DownloadOptions): Promise<boolean> {
  return !!check && isThere(partial) && check(partial).then(() => true, () => false)
}

/** Fetches in as many attempts as `tries` allows. Returns when the partial file is complete. */
async function fetchAll(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const { tries = 4, wait = 1000, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchRest(url, partial, options)
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      if (signal?.aborted) throw failed(url, 'an interrupt')
      if (attempt >= tries) throw failed(url, `${error.message}, after ${tries} tries`)
      // An interrupt ends the wait, and the next attempt then ends at once.
      await pause(wait * 2 ** (attempt - 1), null, { signal }).catch(() => {})
    }
  }
}

/** Fetches the bytes that the partial file lacks. Returns when the file is complete. */
async function fetchRest(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const { limit, stall = 30_000, signal, onProgress } = options
  const received = await stat(partial).then(found => found.size, () => 0)
  const abort = new AbortController()
  const giveUp = () => abort.abort(new TransientError(`no byte arrived for ${stall / 1000} s`))
  const ended = signal ? AbortSignal.any([abort.signal, signal]) : abort.signal
  let timer = setTimeout(giveUp, stall)
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, stall)
  }
  try {
    const response = await transient(() => fetch(url, { headers: requestHeaders(received), signal: ended }))
    const resumed = await checkStatus(url, response, received, partial)
    const length = response.headers.get('content-length')
    const total = length === null ? null : Number(length) + (resumed ? received : 0)
    if (total !== null && total > limit) throw tooLarge(url, total, limit)
    const size = await inRoom(dirname(partial), () => ({ bytes: total ?? limit, what: url }), () =>
      appendToFile(partial, chunksOf(response, alive), limit, length => onProgress?.(length, total)))
    if (total !== null && size < total) throw new TransientError(`${size} of ${total} bytes arrived`)
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

function requestHeaders(received: number): Record<string, string> {
  // A compressed transfer would announce the compressed length.
  return { 'accept-encoding': 'identity', ...(received > 0 ? { range: `bytes=${received}-` } : {}) }
}

/** Whether the answer continues the partial file; if the answer starts from the first byte, removes that file. */
async function checkStatus(url: string, response: Response, received: number, partial: string): Promise<boolean> {
  const { status, headers } = response
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw failed(url, `a redirection to ${response.url}, which is not encrypted`)
  if (status === 206 && headers.get('content-range')?.startsWith(`bytes ${received}-`)) return true
  // The partial file stays as good as before.
  if (status === 429 || status >= 500) throw new TransientError(`the server answered ${status}`)
  await remove(partial)
  if (status === 200) return false
  if (status === 206 || status === 416) throw new TransientError('the server could not continue the partial file')
  throw failed(url, `the server’s answer ${status}`)
}

async function* chunksOf(response: Response, alive: () => void): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  for (let done = !reader; !done;) {
    const chunk = await transient(() => reader!.read())
    alive()
    if (chunk.value) yield chunk.value
    done = chunk.done
  }
}

/** Runs a network call and names the cause if it fails: fetch itself says only 'fetch failed'. */
async function transient<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TransientError) throw error
    const cause = error instanceof Error ? error.cause ?? error : error
    throw new TransientError(cause instanceof Error ? cause.message : String(cause))
  }
}

function failed(url: string, received: string): LabError {
  return new LabError('download-failed', {
    expected: `to download ${url}`, received,
    remedy: 'Check the address and the network, then run it again: the download continues',
  })
}

function inUse(url: string, process: number): LabError {
  return new LabError('download-failed', {
    expected: `no other process to download ${url}`, received: `process ${process}, which does`,
    remedy: 'Wait until the other process is done, then run this again',
  })
}

function tooLarge(url: string, size: number, limit: number): LabError {
  return new LabError('too-large', {
    expected: `${url} to be of at most ${limit} bytes`, received: `${size} bytes`, remedy: 'Check the address',
  })
}
