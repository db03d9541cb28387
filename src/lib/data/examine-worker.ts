/** A thread that looks into image files. */
import { serve } from '../system/worker-pool'
import { examineFiles } from './examine-task'

serve(examineFiles)
