/** What `npm start` writes down about one run of the notebooks: results/SET/run.json. */
import type { EngineDescription } from '../engine/engine'

/** The data set that a run used. */
export interface DataDescription {
  name: string
  /** What LAB_DATA must say to open it again. */
  open: string
  /** Its folder's name under results/. */
  folder: string
  title: string
  evidence: 'real' | 'phantom'
  notice: string
  licence: string
  source: string
  labels: string[]
  images: number
}

/** One notebook of a run. */
export interface NotebookRecord {
  name: string
  seconds: number
  cells: number
  /** The most memory that its kernel held; null where the system does not tell. */
  peakBytes: number | null
  /** The first cell that failed, counted from 1 among the code cells; 0 when the runner itself stopped. */
  failure: { cell: number; title: string; text: string } | null
}

/** One run of the notebooks on one data set. */
export interface RunRecord {
  /** ISO 8601, in UTC. */
  started: string
  seconds: number
  profile: string
  data: DataDescription
  engine: EngineDescription | null
  engineMissing: string | null
  notebooks: NotebookRecord[]
}
