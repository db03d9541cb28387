/** `weights`: weights that this project or others published, and models written to files. */
export { exportModel } from '../../weights/export/export'
export { sourceCards } from '../../weights/cards'
export { isOnDisk } from '../../weights/published'
export { listProjectWeights, loadProjectWeights } from '../../weights/project-weights'
