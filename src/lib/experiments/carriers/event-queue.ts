/** A queue of events in the order of their arrival, for one reader that waits for them. */
export class EventQueue<Event> {
  private readonly waiting: Event[] = []
  private wake: (() => void) | null = null
  private ended = false

  push(event: Event): void {
    this.waiting.push(event)
    this.wake?.()
  }

  /** Ends the queue: `read` returns after the events that are already in it. */
  end(): void {
    this.ended = true
    this.wake?.()
  }

  /** All events, until the end. */
  async *read(): AsyncGenerator<Event> {
    for (;;) {
      while (this.waiting.length) yield this.waiting.shift()!
      if (this.ended) return
      await new Promise<void>(resolve => { this.wake = resolve })
      this.wake = null
    }
  }
}
