/** Stopping long work by the notebook's interrupt button, or by Ctrl-C in a terminal. */

/** A signal that fires on the first interrupt, until it is released. */
export interface Interruptible {
  signal: AbortSignal
  /** Gives interrupts back to whoever had them. */
  release(): void
}

/**
 * From the next turn of the event loop until release, the first interrupt fires the signal and nothing else:
 * tslab would otherwise end the cell and lose what it declares, while its work goes on unseen. A second
 * interrupt does what interrupts do without us.
 *
 * Not registered at once: while the synchronous start of a cell runs, Node holds listeners of its own, and
 * one that comes between would leave the kernel to be killed.
 */
export function stopOnInterrupt(): Interruptible {
  const controller = new AbortController()
  let others: NodeJS.SignalsListener[] | null = null
  const giveBack = () => {
    process.off('SIGINT', stop)
    for (const listener of others ?? []) process.on('SIGINT', listener)
    others = null
  }
  const stop = () => {
    giveBack()
    controller.abort()
  }
  const pending = setImmediate(() => {
    others = process.listeners('SIGINT') as NodeJS.SignalsListener[]
    process.on('SIGINT', stop)
    for (const listener of others) process.off('SIGINT', listener)
  })
  return {
    signal: controller.signal,
    release: () => {
      clearImmediate(pending)
      giveBack()
    },
  }
}
