/** Reading HDF5 files in a thread that is ended where a file keeps it busy. */
import { LabError } from '../../system/errors'
import { readFileCapped } from '../../system/files'
import { WorkerPool } from '../../system/worker-pool'
import { badTensorFile } from './header'
import type { Hdf5Group } from './hdf5'

/** What the thread reads. */
export interface Hdf5Task {
  bytes: Uint8Array
  /** Named in errors. */
  where: string
}

/** Ten times a full ResNet50. */
const longestFile = 1024 * 1024 * 1024
/** How long a file may take, in seconds of the clock and of the processor: a start, and so many more for each byte. */
const firstSeconds = 0.4, secondsEachByte = 1 / 20e6
/** How many times as long a file may take while other threads work. */
const besideOthers = 6
/** How often the thread is looked at, in milliseconds. */
const lookEvery = 20

type Hdf5Pool = WorkerPool<Hdf5Task | null, Hdf5Group | null>

let thread: Hdf5Pool | undefined
/** One file at a time: the time that a file takes is then its own. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Reads an HDF5 file of at most 1 GiB.
 * @throws LabError 'data-missing', 'too-large'; 'bad-tensor-file' where the file is not a whole HDF5 file, or where
 *   reading it does not come to an end
 */
export async function readHdf5(path: string): Promise<Hdf5Group> {
  const task = { bytes: await readFileCapped(path, longestFile), where: path }
  const reading = last.then(() => readInThread(task))
  last = reading.catch(() => {})
  return reading
}

async function readInThread(task: Hdf5Task): Promise<Hdf5Group> {
  const pool = thread ??= new WorkerPool<Hdf5Task | null, Hdf5Group | null>('weights/formats/hdf5-worker', 1)
  pool.hold(true)
  let timer: NodeJS.Timeout | undefined
  try {
    // The thread's start, and that of the library, is no file's fault: its time does not count.
    await pool.ask(null)
    const isTooLong = stopwatch(firstSeconds + task.bytes.length * secondsEachByte)
    const tooLong = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (!isTooLong()) return
        void endThread(pool)
        reject(badTensorFile(task.where, 'a whole HDF5 file', 'a file whose reading does not come to an end'))
      }, lookEvery)
    })
    return (await Promise.race([pool.ask(task), tooLong]))!
  } catch (error) {
    if (error instanceof LabError && error.code === 'worker-failed') await endThread(pool)
    throw error
  } finally {
    clearInterval(timer)
    pool.hold(false)
  }
}

/** The next file gets another thread. */
async function endThread(pool: Hdf5Pool): Promise<void> {
  thread = undefined
  await pool.close()
}

/**
 * Whether so many seconds have passed, of the clock and of this process's time on the processor: on a busy machine the
 * clock runs alone. Where other threads of this process work, too, the reader may have had little of that time: the
 * limit is then so many times as long.
 */
function stopwatch(limit: number): () => boolean {
  const begun = performance.now(), processor = process.cpuUsage()
  return () => {
    const clock = (performance.now() - begun) / 1000, { user, system } = process.cpuUsage(processor)
    const busy = (user + system) / 1e6, longest = busy > 1.3 * clock ? limit * besideOthers : limit
    return clock >= longest && busy >= longest
  }
}
