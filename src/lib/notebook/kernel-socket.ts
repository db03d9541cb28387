/** Room for any amount of output: a mend for how tslab 1.0.22 sends what cells show. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** As much of tslab's server as is used here. */
interface KernelServer {
  prototype: { publishStatus(this: { iopub: { sendTimeout: number } }, ...rest: unknown[]): unknown }
}

let mended = false

/**
 * From the end of this cell on, every message goes out at once.
 *
 * tslab does not wait for its messages to leave. Its socket puts every 513th off to the next turn of the event loop and
 * refuses others until then: output is lost, and the cell that showed it fails. A socket whose send time-out is 0 puts
 * nothing off, and one that publishes can always send.
 */
export function sendAtOnce(): void {
  if (mended) return
  mended = true
  const tslab = createRequire(__filename).resolve('tslab')
  const { ZmqServer } = createRequire(tslab)(join(dirname(tslab), 'jupyter.js')) as { ZmqServer: KernelServer }
  const { publishStatus } = ZmqServer.prototype
  ZmqServer.prototype.publishStatus = function (...rest) {
    this.iopub.sendTimeout = 0
    return publishStatus.apply(this, rest)
  }
}
