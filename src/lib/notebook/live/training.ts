/** Training under the student's eyes: progress, loss and accuracy as they come, and the interrupt button. */
import { beside, legend, palette } from '../../display/figures/figure'
import { linePanel, type Series } from '../../display/figures/line-chart'
import type { Model } from '../../model/model'
import type { Split } from '../../data/split/split'
import { formatNumber } from '../../display/format'
import { train as trainQuietly } from '../../training/train'
import type { EpochRecord, TrainConfig, TrainControl, Trained, TrainProgress } from '../../training/config'
import { stopOnInterrupt } from '../interrupt'
import { progressDisplay, type Progress } from '../progress'

/** How training is shown, beside what `train` takes. */
export interface LiveControl extends TrainControl {
  /** Stands above the bar. Default 'Training'. */
  title?: string
}

/**
 * Trains a copy of a model on a split's training part and validates it after each epoch; the model itself does not
 * change. A bar shows progress, the time left, and curves of loss and accuracy that grow. The interrupt button (Ctrl-C
 * in a terminal) ends training after the current step; the result then has `stopped: 'cancelled'`.
 * @param config epochs, optimizer, schedule, augmentation, seed: see `TrainConfig` for ranges and defaults
 * @param control title above the bar, own signal and callbacks; all optional
 * @returns the trained model, the history (one record an epoch), the best epoch, and why training ended
 * @throws LabError 'bad-argument' naming the setting that is out of range; 'diverged' when the loss stops being a
 *   number
 * @example await train(freeze(network, { through: 'conv4' }), parts, { epochs: 1, optimizer: { name: 'adamw',
 *   rate: 1e-3 } })
 */
export async function train(
  model: Model, split: Split, config: TrainConfig, control: LiveControl = {},
): Promise<Trained> {
  const { title = 'Training', ...rest } = control
  const display = progressDisplay(), interrupt = stopOnInterrupt()
  const trail = new Trail()
  const begun = performance.now()
  let share = 0, epochsDone = 0, history: readonly EpochRecord[] = []
  const curves = () => (trail.points.length ? liveCurves(trail, history) : undefined)
  try {
    const trained = await trainQuietly(model, split, config, {
      ...rest,
      signal: rest.signal ? AbortSignal.any([rest.signal, interrupt.signal]) : interrupt.signal,
      onProgress(progress) {
        const epochDone = progress.history.length > epochsDone
        history = progress.history
        epochsDone = history.length
        share = shareOf(progress)
        trail.add(progress)
        display.update(() => ({ title, ...stateOf(progress), picture: curves() }), epochDone)
        rest.onProgress?.(progress)
      },
      onPreparing(done, count) {
        const note = `what the frozen layers give, computed once: ${done} of ${count} images`
        const seconds = () => (performance.now() - begun) / 1000
        display.update(() => ({ title, share, note, seconds: seconds(), picture: curves() }), done === count)
        rest.onPreparing?.(done, count)
      },
    })
    display.end({
      title, share, note: outcome(trained), seconds: trained.seconds,
      picture: liveCurves(trail, trained.history),
    })
    return trained
  } finally {
    interrupt.release()
  }
}

/** Running loss and accuracy by fractional epoch; thinned by half whenever it has grown to `most` points. */
export class Trail {
  static readonly most = 240
  points: { epoch: number; loss: number; accuracy: number }[] = []
  private every = 1
  private seen = 0

  add({ epoch, step, steps, loss, accuracy }: TrainProgress): void {
    if (this.seen++ % this.every) return
    this.points.push({ epoch: epoch - 1 + step / steps, loss, accuracy })
    if (this.points.length < Trail.most) return
    this.points = this.points.filter((_, i) => i % 2 === 0)
    this.every *= 2
  }
}

/** What is said of a run under way. */
export function stateOf(progress: TrainProgress): Omit<Progress, 'title'> {
  const { epoch, epochs, step, steps, loss, accuracy, history, seconds } = progress
  const last = history.at(-1)
  const parts = [
    `epoch ${epoch} of ${epochs}`, `step ${step} of ${steps}`,
    `loss ${formatNumber(loss)}`, `accuracy ${formatNumber(accuracy, 'percent')}`,
    ...(last ? [`validation ${formatNumber(last.validationLoss)}, ${formatNumber(last.validationAccuracy, 'percent')}`] : []),
  ]
  return { share: shareOf(progress), note: parts.join(' · '), seconds }
}

function shareOf({ epoch, epochs, step, steps }: TrainProgress): number {
  return (epoch - 1 + step / steps) / epochs
}

function outcome({ stopped, history, best }: Trained): string {
  const epochs = `${history.length} epoch${history.length === 1 ? '' : 's'}`
  const ends = { finished: `${epochs} done`, early: `stopped early after ${epochs}`, cancelled: `interrupted after ${epochs}; weights kept` }
  if (!best) return ends[stopped]
  return `${ends[stopped]} · best validation: epoch ${best.epoch}, loss ${formatNumber(best.validationLoss)}, `
    + `accuracy ${formatNumber(best.validationAccuracy, 'percent')}`
}

/** Both curves, small: training step by step, validation epoch by epoch. Epochs count from 0 to the one under way. */
export function liveCurves(trail: Trail, history: readonly EpochRecord[]): string {
  const begun = Math.max(1, Math.ceil(trail.points.at(-1)?.epoch ?? 0), history.at(-1)?.epoch ?? 0)
  const panel = (title: string, key: 'loss' | 'accuracy', validation: (epoch: EpochRecord) => number) => {
    const series: Series[] = [
      { label: 'training', color: palette[1], dashed: true, points: trail.points.map(p => ({ x: p.epoch, y: p[key] })) },
      { label: 'validation', color: palette[0], points: history.map(e => ({ x: e.epoch, y: validation(e) })) },
    ]
    const y = { label: title, kind: key === 'accuracy' ? 'percent' : 'linear' } as const
    return linePanel({ x: { label: 'epoch', kind: 'whole', domain: [0, begun] }, y, series }, 380, 220)
  }
  const curves = beside([panel('loss', 'loss', e => e.validationLoss), panel('accuracy', 'accuracy', e => e.validationAccuracy)])
  const key = legend([{ label: 'training', color: palette[1], dashed: true }, { label: 'validation', color: palette[0] }], curves.width)
  const height = key.height + curves.height
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${curves.width}" height="${height}" font-family="sans-serif"`
    + ` fill="#222222" style="background:#ffffff;max-width:100%;height:auto" viewBox="0 0 ${curves.width} ${height}">`
    + `${key.svg}<g transform="translate(0,${key.height})">${curves.svg}</g></svg>`
}
