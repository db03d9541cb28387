/** `weights`: weights that this project or others published, and models written to files. */
export { sourceCards } from '../../weights/cards'
export { exportModel } from '../../weights/export/export'
export { areOnDisk } from '../../weights/on-disk'
export { listProjectWeights, loadProjectWeights } from '../../weights/project-weights'
