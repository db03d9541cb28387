/** Stops long work when the notebook's interrupt button, or Ctrl-C in a terminal, is pressed. */

/** A signal that fires on the first interrupt, until it is released. */
export interface Interruptible {
  signal: AbortSignal
  /** Restores the listeners that interrupts had before. */
  release(): void
}

/**
 * From the next turn of the event loop until release, the first interrupt fires the signal and does nothing else.
 * Without this, tslab would end the cell and lose its declarations, while the work goes on unseen. A second interrupt
 * reaches the listeners that were there before.
 *
 * The listener is registered in the next turn: while the synchronous start of a cell runs, Node has listeners of its
 * own, and a listener registered among them would let the interrupt kill the kernel.
 */
export function stopOnInterrupt(): Interruptible {
  const controller = new AbortController()
  let previous: NodeJS.SignalsListener[] | null = null
  const restore = () => {
    process.off('SIGINT', stop)
    for (const listener of previous ?? []) process.on('SIGINT', listener)
    previous = null
  }
  const stop = () => {
    restore()
    controller.abort()
  }
  const pending = setImmediate(() => {
    previous = process.listeners('SIGINT') as NodeJS.SignalsListener[]
    process.on('SIGINT', stop)
    for (const listener of previous) process.off('SIGINT', listener)
  })
  return {
    signal: controller.signal,
    release: () => {
      clearImmediate(pending)
      restore()
    },
  }
}
