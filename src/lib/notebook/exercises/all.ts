/** All notebooks' exercises. A new notebook's are added here. */
import { canYouTrustIt } from './can-you-trust-it'
import { confusionMatrixAndRoc } from './confusion-matrix-and-roc'
import type { Exercises } from './exercise'
import { exploreTheData } from './explore-the-data'
import { fineTune } from './fine-tune'
import { fourStrategies } from './four-strategies'
import { freezeTheLayers } from './freeze-the-layers'
import { insideResNet50 } from './inside-resnet50'
import { reproduceThePapers } from './reproduce-the-papers'
import { splitAndBaselines } from './split-and-baselines'
import { yourOwnImages } from './your-own-images'

export const allExercises: Exercises = {
  ...exploreTheData, ...splitAndBaselines, ...insideResNet50, ...freezeTheLayers, ...fineTune, ...confusionMatrixAndRoc,
  ...canYouTrustIt, ...fourStrategies, ...reproduceThePapers, ...yourOwnImages,
}
