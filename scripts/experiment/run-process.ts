/** A process that carries runs out for `npm run experiment`, which sends it runs and receives their progress. */
import { ExperimentSession, runExperiment } from '../../src/lib/experiments/run-experiment'
import type { Job } from '../../src/lib/experiments/carriers/carrier'
import type { FromProcess, ToProcess } from '../../src/lib/experiments/carriers/run-process'
import { LabError } from '../../src/lib/system/errors'

const session = new ExperimentSession()
let cancel = new AbortController()

const tell = (message: FromProcess) => { if (process.connected) process.send!(message) }

async function run({ config }: Job): Promise<void> {
  cancel = new AbortController()
  try {
    const { signal } = cancel
    const finished = await runExperiment(config, {
      session, signal, whenUnderWay: 'wait', onProgress: progress => tell({ kind: 'progress', progress }),
    })
    tell({ kind: 'ended', finished: finished !== null })
  } catch (fault) {
    const { message } = fault as Error
    if (!(fault instanceof LabError)) return tell({ kind: 'failed', fault: { message } })
    const { code, expected, received, remedy } = fault
    tell({ kind: 'failed', fault: { message, code, expected, received, remedy } })
  }
}

process.on('message', (message: ToProcess) => message.kind === 'run' ? void run(message.job) : cancel.abort())
// Ctrl-C reaches every process of a terminal. The parent process decides what to do, and sends 'cancel'.
process.on('SIGINT', () => {})
// Without its parent, the process saves the run under way and ends. So it does where the signal was for all processes.
for (const event of ['disconnect', 'SIGTERM', 'SIGHUP']) process.on(event, () => cancel.abort())
