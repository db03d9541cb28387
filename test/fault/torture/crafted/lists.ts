/** All files that are made by hand to harm, by kind. */
import { craftedArchives } from './archives'
import type { Crafted } from './crafted'
import { craftedImages } from './images'
import { craftedPaths } from './paths'
import { craftedMegabytes, craftedTexts } from './texts'
import { craftedWeights } from './weights'

export const craftedFiles: ReadonlyMap<string, readonly Crafted[]> = new Map([
  ['images made to harm', craftedImages], ['archives made to harm', craftedArchives], ['texts made to harm', craftedTexts],
  ['weights made to harm', craftedWeights], ['paths to no file', craftedPaths],
  ['megabytes of one thing', craftedMegabytes],
])
