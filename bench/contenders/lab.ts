/** This library as a contender. LAB_ENGINE chooses the engine, LAB_STEP how it runs a step. */
import { describeEngine, type EngineDescription } from '../../src/lib/engine/engine'
import { LabError } from '../../src/lib/system/errors'
import { serve, Unavailable, type Work } from '../serve'
import type { Task } from '../task'
import { stepsInUse } from './lab/calls'
import { decode } from './lab/decode'
import { frozenEpoch, madeUpEpoch, referenceEpoch } from './lab/epochs'
import { forward, step } from './lab/steps'

async function setUp(task: Task): Promise<Work> {
  const { LAB_ENGINE: requested, LAB_STEP: requestedSteps } = process.env
  const { engine, tensorflow, tensorflowJs } = engineFor(requestedSteps)
  if (requested && requested !== engine) throw new Unavailable(`this library has no engine ${requested} on this machine`)
  const steps = stepsInUse()
  // The engine computes without these, too: its time would stand under another's name.
  if (requestedSteps && requestedSteps !== steps) throw cannotRun(requestedSteps)
  const how = steps === 'eager' ? '' : `, ${steps}`
  return { version: `${tensorflow ? `TensorFlow ${tensorflow}` : `TensorFlow.js ${tensorflowJs}`}, ${engine}${how}`, ...await workFor(task) }
}

/** The engine in use, which refuses steps that it cannot run. */
function engineFor(steps: string | undefined): EngineDescription {
  try {
    return describeEngine()
  } catch (fault) {
    throw steps && fault instanceof LabError && fault.code === 'bad-argument' ? cannotRun(steps) : fault
  }
}

function cannotRun(steps: string): Unavailable {
  return new Unavailable(`this library's engine cannot run a step with LAB_STEP=${steps} on this machine`)
}

function workFor(task: Task): Omit<Work, 'version'> | Promise<Omit<Work, 'version'>> {
  switch (task.kind) {
    case 'forward': return forward(task)
    case 'step': return step(task)
    case 'reference-epoch': return referenceEpoch(task)
    case 'frozen-epoch': return frozenEpoch(task)
    case 'made-up-epoch': return madeUpEpoch(task)
    case 'decode': return decode(task)
  }
}

serve(setUp)
