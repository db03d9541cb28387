/** A server for downloads that are interrupted. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/**
 * Serves 4 MB, a piece at a time, and goes on where it is asked to. Writes its address to the folder's file `address`.
 */
export async function serveSlowly(folder: string): Promise<{ close(): void }> {
  const body = Buffer.from(Array.from({ length: 4_000_000 }, (_, i) => (i * 31) % 251))
  const server = createServer((request, response) => {
    let from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${body.length - 1}/${body.length}`)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length - from })
    const timer = setInterval(() => {
      response.write(body.subarray(from, from += 200_000))
      if (from < body.length) return
      clearInterval(timer)
      response.end()
    }, 20)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  writeFileSync(join(folder, 'address'), `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`)
  return { close: () => { server.closeAllConnections(); server.close() } }
}
