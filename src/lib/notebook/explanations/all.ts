/** Every topic that `explain` knows, from one file a notebook or a question that several notebooks ask. */
import { exploreTheData } from './explore-the-data'
import { findings } from './findings'
import { fourStrategies } from './four-strategies'
import { greys } from './greys'
import { groups } from './groups'
import { insideResNet50 } from './inside-resnet50'
import { positiveClass } from './positive-class'
import { splitAndBaselines } from './split-and-baselines'
import { yourOwnImages } from './your-own-images'

export const explanations = {
  ...exploreTheData, ...findings, ...fourStrategies, ...greys, ...groups, ...insideResNet50, ...positiveClass,
  ...splitAndBaselines, ...yourOwnImages,
}
