/** A thread that decodes and resizes images. */
import { serve } from '../system/worker-pool'
import { resizeFiles } from './resize-task'

serve(resizeFiles)
