/** Stops long work when the notebook's interrupt button, or Ctrl-C in a terminal, is pressed. */

/** A signal that fires on the first interrupt, until it is released. */
export interface Interruptible {
  signal: AbortSignal
  /** Restores the listeners that interrupts had before. */
  release(): void
}

/** The work that the next interrupt stops. */
const running = new Set<AbortController>()

/** The listeners that interrupts had before; null while nothing is stoppable. */
let previous: NodeJS.SignalsListener[] | null = null

/**
 * From the next turn of the event loop until release, the first interrupt fires the signal and does nothing else.
 * Without this, tslab would end the cell and lose its declarations, while the work goes on unseen. A second interrupt
 * reaches the listeners that were there before. Pieces of work that overlap share one listener: one interrupt stops
 * them all, and they may be released in any order.
 *
 * The listener is registered in the next turn: while the synchronous start of a cell runs, Node has listeners of its
 * own, and a listener registered among them would let the interrupt kill the kernel.
 */
export function stopOnInterrupt(): Interruptible {
  const controller = new AbortController()
  const pending = setImmediate(() => {
    running.add(controller)
    if (previous) return
    previous = process.listeners('SIGINT') as NodeJS.SignalsListener[]
    process.on('SIGINT', stopAll)
    for (const listener of previous) process.off('SIGINT', listener)
  })
  return {
    signal: controller.signal,
    release: () => {
      clearImmediate(pending)
      if (running.delete(controller) && running.size === 0) restoreListeners()
    },
  }
}

function stopAll(): void {
  const stopped = [...running]
  running.clear()
  restoreListeners()
  for (const controller of stopped) controller.abort()
}

function restoreListeners(): void {
  process.off('SIGINT', stopAll)
  for (const listener of previous ?? []) process.on('SIGINT', listener)
  previous = null
}
