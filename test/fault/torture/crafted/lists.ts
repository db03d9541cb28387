/** All files that are made by hand to harm, by kind. */
import { craftedArchives } from './archives'
import type { Crafted } from './crafted'
import { craftedImages } from './images'
import { craftedMegabytes, craftedTexts } from './texts'

export const craftedFiles: ReadonlyMap<string, readonly Crafted[]> = new Map([
  ['images made to harm', craftedImages], ['archives made to harm', craftedArchives], ['texts made to harm', craftedTexts],
  ['megabytes of one thing', craftedMegabytes],
])
