/** All notebooks' exercises. A new notebook's are added here. */
import { confusionMatrixAndRoc } from './confusion-matrix-and-roc'
import type { Exercises } from './exercise'
import { fineTune } from './fine-tune'
import { freezeTheLayers } from './freeze-the-layers'

export const allExercises: Exercises = { ...freezeTheLayers, ...fineTune, ...confusionMatrixAndRoc }
