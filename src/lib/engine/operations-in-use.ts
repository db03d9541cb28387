/** The operations of the engine that runs. */
import { composedOperations } from './composed/composed-operations'
import { engineInUse } from './engine'
import { nativeOperations } from './native/native-operations'
import type { Operations } from './operations'

export type { Handle, NormalizedBatch, Window } from './operations'

/** The operations of the engine that runs. @throws LabError as `engineInUse` */
export function operations(): Operations {
  return engineInUse() === 'wasm' ? composedOperations : nativeOperations
}
