/** Every topic that `explain` knows, from one file a notebook or a question that several notebooks ask. */
import { canYouTrustIt } from './can-you-trust-it'
import { confusionMatrixAndRoc } from './confusion-matrix-and-roc'
import { exploreTheData } from './explore-the-data'
import { findings } from './findings'
import { fineTune } from './fine-tune'
import { fourStrategies } from './four-strategies'
import { freezeTheLayers } from './freeze-the-layers'
import { greys } from './greys'
import { groups } from './groups'
import { insideResNet50 } from './inside-resnet50'
import { positiveClass } from './positive-class'
import { reproduceThePapers } from './reproduce-the-papers'
import { splitAndBaselines } from './split-and-baselines'
import { yourOwnImages } from './your-own-images'

export const explanations = {
  ...canYouTrustIt, ...confusionMatrixAndRoc, ...exploreTheData, ...findings, ...fineTune, ...fourStrategies,
  ...freezeTheLayers,
  ...greys, ...groups, ...insideResNet50, ...positiveClass, ...reproduceThePapers, ...splitAndBaselines,
  ...yourOwnImages,
}
