/** What a set's files hold: which cannot be read, and how the values of the others become grey levels. */
import { join } from 'node:path'
import { z } from 'zod'
import type { PixelWindow } from '../images/pixel-window'
import type { ImageFacts } from '../images/stored-image'
import { chooseWindow, type WindowRequest } from '../images/window-choice'
import { LabError } from '../system/errors'
import { sha256 } from '../system/hash'
import { cachedVersion, readCachedJson, writeCachedJson } from '../system/json'
import { inTurn, threadLimit } from '../system/parallel'
import { requestedWorkers, WorkerPool } from '../system/worker-pool'
import { cacheFolder } from './data-folder'
import type { Progress, SkippedFile } from './dataset'
import { examineFiles, type Finding } from './examine-task'
import { listOf } from '../system/json-parts'

export interface ExamineOptions {
  /** How values become grey levels; by default as `chooseWindow` decides. */
  window?: WindowRequest
  /** Whether files that cannot be read are left out instead of refused. Default false. */
  skipDamaged?: boolean
  onProgress?: Progress
}

/** The files of a set, as they were found. */
export interface Examination {
  /** Indices of the files that can be read. */
  readable: number[]
  /** What each readable file holds. */
  facts: ImageFacts[]
  skipped: SkippedFile[]
  /** The set's window; absent where all files are 8-bit. */
  window?: PixelWindow
  /** One sentence for each kind of value that is not 8-bit, and one where files were left out. */
  sentences: string[]
}

/** A set's files: its name (null to store no findings), theirs, where they are, and the SHA-256 of each. */
export interface SetFiles {
  set: string | null
  names: readonly string[]
  paths: readonly string[]
  hashes: readonly string[]
}

const filesPerTask = 16
/** With fewer files for each thread, starting the thread takes longer than it saves. */
const filesPerThread = 64
/** Fewer files are examined about as fast as a cache is read. */
const cachedFrom = 256
/** How many files of each kind of fault the error names. */
const namedFiles = 10

/**
 * Decodes every file of a set once, and decides the set's window. Of large sets the findings are stored in the set's
 * cache, by the files' hashes.
 * @throws LabError 'bad-image' listing all files that cannot be read, by reason, unless they are left out; or where the
 *   files hold values whose meaning is not known, and no window is named
 */
export async function examineImages(files: SetFiles, options: ExamineOptions = {}): Promise<Examination> {
  const { names } = files
  const findings = await findingsOf(files, options.onProgress)
  const skipped = findings.flatMap((finding, i) => ('fault' in finding ? [{ name: names[i], reason: reasonOf(finding.fault) }] : []))
  if (skipped.length > 0 && !options.skipDamaged) throw unreadable(skipped, names.length)
  const scans = findings.flatMap(finding => ('fault' in finding ? [] : [finding]))
  const { window, sentences } = chooseWindow(scans, options.window)
  if (skipped.length > 0) sentences.push(`${skipped.length} of ${names.length} files cannot be read and were left out.`)
  sentences.push(...viewSentences(names.filter((_, i) => !('fault' in findings[i])), scans.map(scan => scan.facts)))
  return {
    readable: [...names.keys()].filter(i => !('fault' in findings[i])), skipped, sentences,
    facts: scans.map(scan => scan.facts),
    ...(Object.keys(window).length > 0 ? { window } : {}),
  }
}

const viewWords = {
  localizer: 'are planning views (localizers), no slices',
  'not across the body': 'do not lie across the body',
  turned: 'are turned: the front is not above, or the patient’s right not on the left',
}

/** CT images that are no slices as radiologists look at them, counted: they stay in the set. */
function viewSentences(names: readonly string[], facts: readonly ImageFacts[]): string[] {
  return Object.entries(viewWords).flatMap(([view, words]) => {
    const found = names.filter((_, i) => facts[i].view === view)
    return found.length ? [`${found.length} of the CT images (first ${found[0]}) ${words}: they count as images of their class.`] : []
  })
}

/** The part of a fault by which files are grouped. */
function reasonOf(fault: string): string {
  return fault.split(':')[0]
}

function unreadable(skipped: readonly SkippedFile[], count: number): LabError {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  const lines = reasons.map(reason => {
    const names = skipped.filter(file => file.reason === reason).map(({ name }) => name)
    const more = names.length > namedFiles ? `, and ${names.length - namedFiles} more` : ''
    return `${names.length} × ${reason}: ${names.slice(0, namedFiles).join(', ')}${more}`
  })
  return new LabError('bad-image', {
    expected: `${count} images that can be read`, received: `${skipped.length} that cannot:\n  ${lines.join('\n  ')}\n`,
    remedy: 'Replace or remove these files, or leave them out: openDataset(…, { skipDamaged: true }), or --skip-damaged '
      + 'with npm run data',
  })
}

/** Increase when the same files start to give other findings, such as where a reader becomes stricter. */
const version = 4

async function findingsOf({ set, paths, hashes }: SetFiles, onProgress?: Progress): Promise<Finding[]> {
  const key = sha256(hashes.join('\n'))
  const path = set !== null && paths.length >= cachedFrom
    ? join(cacheFolder(set), `files-${key.slice(0, 16)}.json`) : null
  const stored = path ? await readStored(path, key, paths.length) : null
  if (stored) return stored
  const findings = await examineAll(paths, onProgress)
  if (path) await writeCachedJson(path, { version, key, findings })
  return findings
}

async function examineAll(paths: readonly string[], onProgress?: Progress): Promise<Finding[]> {
  const starts = Array.from({ length: Math.ceil(paths.length / filesPerTask) }, (_, i) => i * filesPerTask)
  const workers = requestedWorkers() ?? Math.min(threadLimit(), Math.floor(paths.length / filesPerThread))
  const pool = workers > 0 ? new WorkerPool<readonly string[], Finding[]>('data/examine-worker', workers) : null
  const findings: Finding[] = []
  try {
    const examine = (start: number) => {
      const some = paths.slice(start, start + filesPerTask)
      return pool ? pool.ask(some) : examineFiles(some)
    }
    for await (const found of inTurn(starts.length, 2 * workers + 1, i => examine(starts[i]))) {
      findings.push(...found)
      onProgress?.('looking into image files', findings.length, paths.length)
    }
  } finally {
    await pool?.close()
  }
  return findings
}

const scan = z.object({
  facts: z.object({
    format: z.enum(['png', 'jpeg', 'webp', 'gif', 'tiff', 'bmp', 'dicom', 'nifti']),
    width: z.number(), height: z.number(), channels: z.number(), pages: z.number(),
    sample: z.enum(['u8', 's8', 'u16', 's16', 'u32', 's32', 'f32', 'f64']),
    values: z.enum(['grey levels', 'counts', 'CT numbers', 'radiograph', 'numbers']),
    color: z.enum(['grey', 'rgb', 'palette', 'cmyk']),
    bits: z.number().optional(), view: z.enum(['localizer', 'not across the body', 'turned']).optional(),
    modality: z.enum(['CT', 'X-ray']).optional(), patient: z.string().optional(), study: z.string().optional(),
  }),
  minimum: z.number(), maximum: z.number(),
})

async function readStored(path: string, key: string, count: number): Promise<Finding[] | null> {
  const schema = z.object({
    version: cachedVersion(version), key: z.literal(key),
    findings: listOf(z.union([scan, z.object({ fault: z.string() })]), z.array(z.unknown()).length(count)),
  })
  return (await readCachedJson(path, schema))?.findings ?? null
}
