/** Tables about heat maps: how well they find known lesions, and whether they depend on what the network learned. */
import type { SanityRow } from '../attribution/check-sanity'
import type { MapScore } from '../attribution/score-maps'
import type { Stage } from '../model/architecture'
import { formatEstimate } from './format'
import { dataTable, type Table } from './tables'

/**
 * How well heat maps find a phantom's lesions, beside maps that know nothing of the image, as `scoreMaps` gives them.
 * @param rows of several methods, if you like: a baseline that appears twice is shown once
 * @example const maps = await gradCam(network, parts.test), validation = await gradCam(network, parts.validation)
 * show(tables.mapScores(await scoreMaps(maps, { validation })))
 */
export function mapScores(rows: readonly MapScore[]): Table {
  const different = rows.filter((row, i) => rows.findIndex(({ map }) => map === row.map) === i)
  const cells = different.map(({ map, images, pointing, energy, overlap, threshold }) => ({
    map, images, pointing: formatEstimate(pointing), energy: formatEstimate(energy, 'decimal'),
    overlap: formatEstimate(overlap, 'decimal'), threshold,
  }))
  return dataTable('map-scores', 'Do the maps find the lesions?', cells, [
    'map', 'images', { key: 'pointing', title: 'greatest number in a lesion' },
    { key: 'energy', title: 'sum in lesions, against their area' }, { key: 'overlap', title: 'overlap (IoU)' },
    { key: 'threshold', title: 'at threshold', format: 'decimal' },
  ], '95 % intervals by group. Thresholds were chosen on the validation maps. An even map has 1.000 against the area.')
}

/** What has become random, from the head on. */
const randomized: Record<Stage, string> = {
  head: 'the head', conv5: 'conv5 and the head', conv4: 'conv4 and all behind it', conv3: 'conv3 and all behind it',
  conv2: 'conv2 and all behind it', stem: 'the whole network',
}

/**
 * How alike heat maps remain while a network's weights become random, as `checkSanity` gives it.
 * @example show(tables.sanity(await checkSanity(network, model => gradCam(model, few, { label: 'COVID' }))))
 */
export function sanity(rows: readonly SanityRow[]): Table {
  const cells = rows.map(({ from, images, correlation, blank }) =>
    ({ random: randomized[from], images, correlation: formatEstimate(correlation, 'decimal'), blank }))
  return dataTable('sanity', 'Do the maps change when the network forgets?', cells, [
    { key: 'random', title: 'random weights in' }, 'images', { key: 'correlation', title: 'rank correlation with the first maps' },
    { key: 'blank', title: 'maps without a place' },
  ], '1: the same map; 0: no likeness. 95 % intervals by group. A method that stays near 1 shows the image, not the network.')
}
