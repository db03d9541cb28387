/** `weights`: weights that this project or others published, models in files, and facts about saved models. */
export { sourceCards } from '../../weights/cards'
export { exportModel } from '../../weights/export/export'
export { areOnDisk } from '../../weights/on-disk'
export { listProjectWeights, loadProjectWeights } from '../../weights/project-weights'
export { savedFacts } from '../../weights/saved/saved-facts'
