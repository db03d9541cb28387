/** Every topic that `explain` knows, from one file a notebook. */
import { exploreTheData } from './explore-the-data'

export const explanations = { ...exploreTheData }
