/** A patch for tslab 1.0.22, which loses output when a cell shows much at once. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The part of tslab's server that the patch changes. */
interface KernelServer {
  prototype: { publishStatus(this: { iopub: { sendTimeout: number } }, ...rest: unknown[]): unknown }
}

let patched = false

/**
 * Makes tslab send every message at once, from the end of this cell on.
 *
 * tslab does not wait until its messages have been sent. Its socket defers every 513th message to the next turn of the
 * event loop and refuses all other messages until then, so that output is lost and the cell fails. A socket whose send
 * time-out is 0 defers nothing, and a publishing socket can always send.
 */
export function sendAtOnce(): void {
  if (patched) return
  patched = true
  const tslab = createRequire(__filename).resolve('tslab')
  const { ZmqServer } = createRequire(tslab)(join(dirname(tslab), 'jupyter.js')) as { ZmqServer: KernelServer }
  const { publishStatus } = ZmqServer.prototype
  ZmqServer.prototype.publishStatus = function (...rest) {
    this.iopub.sendTimeout = 0
    return publishStatus.apply(this, rest)
  }
}
