/** A thread that prepares batches. */
import { batchImages, batchLength, type BatchTask } from './batch-images'
import { serve } from '../system/worker-pool'

/** A batch to prepare, and memory for it that the thread shares with the main thread. */
export interface SharedBatchTask extends BatchTask {
  memory: SharedArrayBuffer
}

serve((task: SharedBatchTask) => batchImages(task, new Float32Array(task.memory, 0, batchLength(task))))
