// Records a comparison's first run under each seed from argv[3] to argv[4] in the folder argv[2].
import { join } from 'node:path'
import { recordRun } from '../../src/lib/experiments/plan'
import { pretrainingComparison } from '../../src/lib/experiments/plans/pretraining/plan'
import type { FinishedRun } from '../../src/lib/experiments/run-folder'

async function main(folder: string, from: number, to: number): Promise<void> {
  const history = [{ validationAccuracy: 0.8, validationLoss: 0.5 }]
  const finished = { history, metrics: { fractals: null } } as unknown as FinishedRun
  for (let seed = from; seed <= to; seed++) {
    const plan = pretrainingComparison({ seed, files: { rows: join(folder, 'rows.csv'), chart: join(folder, 'chart.svg') } })
    await recordRun(plan, { run: plan.runs[0], finished })
  }
}

void main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))
