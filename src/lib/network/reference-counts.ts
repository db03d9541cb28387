/** Counts who still needs a tensor, so that the last one to release it gives its memory back to the engine. */
import { release, type Tensor } from '../engine/engine'
import { outlive } from '../engine/scope'

export class ReferenceCounts {
  /** Counts by tensor id; a tensor without an entry is not counted. */
  private readonly counts = new Map<number, number>()

  isRetained({ id }: Tensor): boolean {
    return this.counts.has(id)
  }

  /** One more needs the tensor, and releases it even if the work in progress fails. */
  retain(tensor: Tensor): void {
    outlive(tensor)
    this.counts.set(tensor.id, (this.counts.get(tensor.id) ?? 0) + 1)
  }

  /** One fewer needs the tensor; with the last one, the engine gets its memory back. */
  release(tensor: Tensor): void {
    const count = this.counts.get(tensor.id)! - 1
    if (count > 0) this.counts.set(tensor.id, count)
    else {
      this.counts.delete(tensor.id)
      release(tensor)
    }
  }

  /** Stops counting a tensor without releasing it: from here on the caller owns it. */
  forget({ id }: Tensor): void {
    this.counts.delete(id)
  }
}
