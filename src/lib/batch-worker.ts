/** A thread that prepares batches. */
import { batchImages } from './batch-images'
import { serve } from './worker-pool'

serve(batchImages)
