/** `weights`: weights that this project or others published, models in files, and facts and cards of saved models. */
export { sourceCards } from '../../weights/cards'
export { exportModel } from '../../weights/export/export'
export { areOnDisk } from '../../weights/on-disk'
export { listProjectWeights, loadProjectWeights } from '../../weights/project-weights'
export { readCard } from '../../weights/saved/read-card'
export { savedFacts } from '../../weights/saved/saved-facts'
