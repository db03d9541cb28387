/** A thread that reads HDF5 files. A null asks it to get ready. */
import { serve } from '../../system/worker-pool'
import { decodeHdf5, loadHdf5 } from './hdf5'
import type { Hdf5Task } from './hdf5-thread'

serve(async (task: Hdf5Task | null) => {
  if (task) return decodeHdf5(task.bytes, task.where)
  await loadHdf5()
  return null
})
