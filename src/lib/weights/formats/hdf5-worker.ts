/** A thread that reads HDF5 files. A null asks whether it has started. */
import { serve } from '../../system/worker-pool'
import { decodeHdf5 } from './hdf5'
import type { Hdf5Task } from './hdf5-thread'

serve(async (task: Hdf5Task | null) => task && decodeHdf5(task.bytes, task.where))
