/** A thread that prepares batches. */
import { batchImages, batchLength, type BatchTask } from './batch-images'
import { serve } from '../system/worker-pool'

/** A batch, and memory for it that the main thread has too. */
export interface SharedBatchTask extends BatchTask {
  memory: SharedArrayBuffer
}

serve((task: SharedBatchTask) => batchImages(task, new Float32Array(task.memory, 0, batchLength(task))))
