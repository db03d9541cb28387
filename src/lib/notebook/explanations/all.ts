/** Every topic that `explain` knows, from one file a notebook. */
import { exploreTheData } from './explore-the-data'
import { groups } from './groups'

export const explanations = { ...exploreTheData, ...groups }
