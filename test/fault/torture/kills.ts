/** Work that is killed at random moments, and whether a fresh process comes to the same end. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../../../src/lib/system/project-root'
import { stream } from '../../../src/lib/system/random'

/** The kinds of work, each in `work.ts`. */
export const works = [
  'supervised', 'contrastive', 'frozen features', 'a model saved again and again', 'a model exported again and again',
  'images imported', 'a download',
] as const
export type Work = (typeof works)[number]

/** What became of one kind of work. */
export interface KillSurvey {
  work: Work
  kills: number
  /** Ends that differ from the straight run's, or that were errors, in words. */
  lost: string[]
}

interface Ended { killed: boolean; hash: string | null; seconds: number; words: string }

/**
 * Runs the work once without a kill, and then in a fresh folder, killed at so many random moments.
 * @param folder an empty one
 */
export async function surveyKills(work: Work, kills: number, folder: string): Promise<KillSurvey> {
  const survey: KillSurvey = { work, kills: 0, lost: [] }
  mkdirSync(folder, { recursive: true })
  const server = work === 'a download' ? await serveSlowly(folder) : null
  try {
    const straight = await run(work, join(folder, 'straight'))
    if (straight.hash === null) return { ...survey, lost: [`the straight run failed: ${straight.words}`] }
    const random = stream(`kills of ${work}`)
    for (let round = 0; survey.kills < kills; round++) {
      const own = join(folder, `${round}`)
      // One life may be killed several times; then it may end.
      for (let times = 1 + random.integer(3); times > 0 && survey.kills < kills; times--) {
        const ended = await run(work, own, random.between(0, 1) * straight.seconds)
        if (!ended.killed) break
        survey.kills++
      }
      const { hash, words } = await run(work, own)
      if (hash !== straight.hash) survey.lost.push(`round ${round}: ${hash === null ? words : 'another result'}`)
    }
    return survey
  } finally {
    server?.close()
  }
}

/** @param killAfter seconds after the work has begun; default: never */
function run(work: Work, folder: string, killAfter?: number): Promise<Ended> {
  return new Promise(done => {
    const words = ['--import', 'tsx', inProject('test', 'fault', 'torture', 'work.ts'), work, folder]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = '', error = '', begun = NaN
    child.stdout.on('data', (text: Buffer) => {
      if (Number.isNaN(begun)) {
        begun = performance.now()
        if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter * 1000)
      }
      out += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => { error = (error + text.toString()).slice(-1000) })
    child.on('close', (code, signal) => done({
      killed: signal === 'SIGKILL', hash: code === 0 ? /^[0-9a-f]{64}$/m.exec(out)?.[0] ?? null : null,
      seconds: (performance.now() - begun) / 1000, words: error,
    }))
  })
}

/** A server that sends 4 MB, a piece at a time, and goes on where it is asked to. */
async function serveSlowly(folder: string) {
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
