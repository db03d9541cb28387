/**
 * Scopes: if work fails, the engine releases every tensor that the work made, whichever operation failed. A step has
 * hundreds of operations, and without a scope the failure of each would need a `try` of its own.
 */
import type { Tensor } from './tensor'

/** Numbers of the tensors that the work in progress made and did not release; null if no scope is open. */
let unreleased: Set<number> | null = null

/** An engine tells which tensors it made. */
export function noteMade(tensors: readonly Tensor[]): void {
  if (unreleased) for (const { id } of tensors) unreleased.add(id)
}

/** An engine tells which tensors it released. */
export function noteReleased(tensors: readonly Tensor[]): void {
  if (unreleased) for (const { id } of tensors) unreleased.delete(id)
}

/** Takes tensors out of the scope, because an object that outlives the work will release them. */
export function outlive(...tensors: readonly Tensor[]): void {
  noteReleased(tensors)
}

/**
 * Runs work in a scope. A scope within a scope is part of it.
 * @param work synchronous
 * @param release gives a tensor back to the engine, by its number there, if the engine still holds the tensor
 */
export function inScope<Result>(work: () => Result, release: (id: number) => void): Result {
  if (unreleased) return work()
  const made = unreleased = new Set<number>()
  try {
    return work()
  } catch (fault) {
    for (const id of made) release(id)
    throw fault
  } finally {
    unreleased = null
  }
}
