/** `look`: functions that look at a data set before anything is trained on it. */
export { chooseExamples } from '../../data/look/examples'
export { readFileFacts, findExactDuplicates } from '../../data/look/file-facts'
export { greyHistogram, greyLevels, meanMap, spreadMap } from '../../data/look/pixel-statistics'
export { listGroupItems, listGroups, pairByDistance, pairStrangers } from '../../data/look/similarity'
export { loadPixels } from '../../data/pixels'
export { ctNumbers, ctWindows, greyLevel } from '../../images/ct-window'
export { crossTable } from '../../display/cross-table'
export { dataFrame } from '../../display/data-frame'
