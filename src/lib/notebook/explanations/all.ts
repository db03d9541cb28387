/** Every topic that `explain` knows, from one file a notebook or a question that several notebooks ask. */
import { exploreTheData } from './explore-the-data'
import { findings } from './findings'
import { greys } from './greys'
import { groups } from './groups'
import { splitAndBaselines } from './split-and-baselines'

export const explanations = { ...exploreTheData, ...findings, ...greys, ...groups, ...splitAndBaselines }
